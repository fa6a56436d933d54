#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# In Windows PowerShell, -Debug asks at each message: there, the preference variable alone shows them.
BeforeDiscovery { $debugAsks = $PSVersionTable.PSVersion.Major -lt 7 }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # Runs a script block, and returns what is on its streams, as texts.
    function Get-Stream([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        $streams = @{ Output = @(); Error = @(); Warning = @(); Verbose = @(); Debug = @(); Information = @() }
        foreach ($item in & $Script *>&1) {
            $name = if ($item.GetType().Name -match '^(Error|Warning|Verbose|Debug|Information)Record$') { $Matches[1] } else { 'Output' }
            $streams[$name] += "$item"
        }
        $streams
    }
}
AfterAll { Stop-Session }

Describe 'What a command says' -Tag 'Stream' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'is its table and nothing else, unasked' {
        $screen = Get-Screen { Invoke-QwenImageEdit a.png 'Make it red' -OutVariable script:shown }
        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'Make it blue' -DestinationPath blue.png }

        $screen.Trim() -replace '\s+', ' ' | Should -Be (($shown | Out-String).Trim() -replace '\e\[[\d;]*m' -replace '\s+', ' ')
        $streams.Output | Should -HaveCount 1
        $streams.Error + $streams.Warning + $streams.Verbose + $streams.Debug + $streams.Information | Should -BeNullOrEmpty
    }

    It 'is each step of an edit by its id, with -Verbose' {
        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'emulate:seconds=0.3' -Verbose }

        $id = (Get-Ledger).jobs[0].request_id
        $streams.Verbose -like "$(Get-FullName a.png) is request $id*" | Should -HaveCount 1
        $streams.Verbose -like "Request $id is COMPLETED after *" | Should -HaveCount 1
        $streams.Verbose -like "Request $id is received: $(Get-FullName a-edited.png)*" | Should -HaveCount 1
        $streams.Debug | Should -BeNullOrEmpty
    }

    It 'is why it waits, with -Verbose' {
        $null = Invoke-Emulator faults @{ kind = 'answer'; route = 'submit'; status = 503; next = 1 }

        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'Make it red' -Verbose }

        $streams.Verbose -like '*503*' -like '*no job was made*' | Should -HaveCount 1
        $streams.Error | Should -BeNullOrEmpty
    }

    It 'is a warning where an image has another format than was asked for' {
        # Images come back as they went in here.
        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'Make it red' -ImageFormat Webp }

        $streams.Warning | Should -HaveCount 1
        $streams.Warning[0] | Should -BeLike "*$(Get-FullName a-edited.webp)*Png*"
    }
}

Describe 'What the service was sent and has answered' -Tag 'Stream' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'is shown as <Name>' -ForEach @(
        @{ Name = '$DebugPreference says'; Script = { $DebugPreference = 'Continue'; Get-QwenEditCredit }; Shown = $true }
        @{ Name = '-Debug:$false says, whatever the preference'; Script = { $DebugPreference = 'Continue'; Get-QwenEditCredit -Debug:$false }; Shown = $false }
        @{ Name = 'nothing with -Verbose'; Script = { Get-QwenEditCredit -Verbose }; Shown = $false }
    ) {
        $streams = Get-Stream $Script

        @($streams.Debug) -match '\n  "credits": 100' | Should -HaveCount ([int] $Shown)
    }

    It 'is shown with -Debug: each request, its headers and bodies, without the key and with images by their length' -Skip:$debugAsks {
        $streams = Get-Stream { Invoke-QwenImageEdit a.png "Change '1' to '5'" -Debug }

        $ledger = Get-Ledger
        foreach ($request in $ledger.requests) {
            $streams.Debug -like "$($request.method) http://*$($request.path) -> $($request.status)*" | Should -Not -BeNullOrEmpty
        }
        $endpoint = $env:SEGMIND_ENDPOINT.TrimEnd('/')
        $sent = @($streams.Debug -like "POST $endpoint/v2/qwen-image-edit-fast`n*")[0]
        $sent | Should -Match '(?m)^x-api-key: \*\*\*$'
        $sent | Should -Match '(?m)^User-Agent: QwenEdit/'
        $sent | Should -Match "(?m)^Content-Length: $($ledger.requests[0].bytes)`$"
        $sent | Should -Match '(?m)^  "prompt": "Change ''1'' to ''5''",\r?$'
        $length = [Convert]::ToBase64String([System.IO.File]::ReadAllBytes((Get-FullName a.png))).Length
        $sent | Should -Match "`"image`": `"data:image/png;base64,<base64, $length characters>`""
        $answer = @($streams.Debug -like '200 OK to POST *')[0]
        $answer | Should -Match '(?m)^Content-Type: application/json'
        $answer | Should -Match "`"request_id`": `"$($ledger.jobs[0].request_id)`""
        $streams.Debug -match '"cost": 0\.0125' | Should -Not -BeNullOrEmpty
        $streams.Debug -like "*`n`n<the image>" | Should -HaveCount 1
    }

    # PowerShell asks at verbose messages and warnings of a call with -Debug alone, and throws where nobody can be asked.
    It 'is shown with -Debug without a question, and so are steps and warnings' -Skip:$debugAsks {
        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'Make it red' -Upload Storage -ImageFormat Webp -Debug }

        $streams.Output | Should -HaveCount 1
        $streams.Verbose + $streams.Warning + $streams.Error | Should -BeNullOrEmpty
        $streams.Debug -like "*is request $((Get-Ledger).jobs[0].request_id)*" | Should -HaveCount 1
        $streams.Debug -like 'WARNING: *' | Should -HaveCount 2
    }

    It 'shows steps and warnings on their own streams with -Debug, -Verbose and -WarningAction' -Skip:$debugAsks {
        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'Make it red' -ImageFormat Webp -Debug -Verbose -WarningAction Continue }

        $streams.Warning | Should -HaveCount 1
        $streams.Verbose -like '*is request *' | Should -HaveCount 1
        $streams.Debug -like '*is request *' | Should -BeNullOrEmpty
    }

    It 'has no key, no image and no secret of an address: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -Base64 } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -Transport Sync } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -Transport Sync -Base64 } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -Upload Storage } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -AdditionalParameter @{ mask = $image; all = @($image, "data:image/png;base64,$image") } } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -AdditionalParameter @{ hook = 'https://name:secret@example.com/a?token=secret' } } }
        @{ Script = { Submit-QwenImageEdit -Uri 'https://example.com/a.png?signature=secret' -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit a.png $env:SEGMIND_API_KEY } }
    ) {
        $image = [Convert]::ToBase64String([System.IO.File]::ReadAllBytes((Get-FullName a.png)))
        $PSDefaultParameterValues = @{ '*-Qwen*:PollIntervalSec' = 0.1; '*-QwenImageEdit:LogPath' = 'logs' }
        $DebugPreference = $VerbosePreference = 'Continue'

        $streams = Get-Stream $Script

        $log = Get-Content logs/*.jsonl -Raw
        $streams.Debug -match 'x-api-key: \*\*\*' | Should -Not -BeNullOrEmpty
        $log | Should -Not -BeNullOrEmpty
        $log | Should -Not -BeLike '*x-api-key*'
        foreach ($text in $streams.Debug + $streams.Verbose + $streams.Warning + $streams.Error + $log) {
            $text | Should -Not -BeLike "*$($image.Substring(8, 32))*"
            $text | Should -Not -BeLike "*$env:SEGMIND_API_KEY*"
        }
        foreach ($text in $streams.Debug + $log) {
            $text | Should -Not -BeLike '*secret*'
        }
    }

    It 'is a page of a proxy as far as it helps, without the key and cookies' {
        $null = Invoke-Emulator faults @{
            kind = 'answer'; route = 'submit'; status = 502
            headers = @{ 'Set-Cookie' = 'id=secret'; 'X-Sent' = "x-api-key: $env:SEGMIND_API_KEY" }
            body = "<title>Bad gateway</title> $env:SEGMIND_API_KEY $('x' * 5000)"
        }
        $DebugPreference = 'Continue'

        $streams = Get-Stream { Invoke-QwenImageEdit a.png 'Make it red' -MaximumRetryCount 0 }

        $answer = @($streams.Debug -like '502 *')[0]
        $answer | Should -Match '<title>Bad gateway</title> \*'
        $answer | Should -Match '(?m)^Set-Cookie: \*\*\*$'
        $answer | Should -Match "$([char] 0x2026) \(5,047 characters\)`$"
        $answer | Should -Not -Match $env:SEGMIND_API_KEY
    }
}

Describe 'A transcript' -Tag 'Stream' {
    It 'of a task has its results, warnings, errors and verbose messages, and not the key' {
        Reset-Session
        New-Image 'a.png'
        Set-Content b.png 'not an image'

        $shell = Invoke-Shell @'
$null = Start-Transcript task.txt
Invoke-QwenImageEdit *.png 'Make it red' -ImageFormat Webp -PollIntervalSec 0.1 -Verbose
$null = Stop-Transcript
'@

        $shell.ExitCode | Should -Be 0
        $text = Get-Content task.txt -Raw
        $text | Should -Match 'Received\s+0\.0125'
        $text | Should -Match "is request $((Get-Ledger).jobs[0].request_id)"
        $text | Should -Match 'WARNING: .*a-edited\.webp'
        $text | Should -Match 'b\.png'
        $text | Should -Not -Match $env:SEGMIND_API_KEY
        $shell.Output + $shell.Error | Should -Not -Match $env:SEGMIND_API_KEY
    }
}
