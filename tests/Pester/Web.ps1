# Starts a web server on this machine with a small PNG under every address, for the service to fetch. Returns an object with its Address, without
# a slash at the end, for Stop-Web.
function Start-Web {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $server = [powershell]::Create().AddScript({
            param($Listener, [byte[]] $Image)
            $head = [System.Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Type: image/png`r`nContent-Length: $($Image.Length)`r`nConnection: close`r`n`r`n")
            # Until the listener is stopped, which throws here.
            while ($true) {
                $client = $Listener.AcceptTcpClient()
                try {
                    $stream = $client.GetStream()
                    $reader = [System.IO.StreamReader]::new($stream)
                    while ($reader.ReadLine()) { }
                    $stream.Write($head + $Image, 0, $head.Length + $Image.Length)
                }
                finally {
                    $client.Dispose()
                }
            }
        }).AddArgument($listener).AddArgument((Get-Png))
    $null = $server.BeginInvoke()
    [pscustomobject] @{ Address = "http://$($listener.LocalEndpoint)"; Listener = $listener; Server = $server }
}

function Stop-Web($Web) {
    $Web.Listener.Stop()
    $Web.Server.Dispose()
}
