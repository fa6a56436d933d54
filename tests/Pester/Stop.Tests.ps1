#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Ways out of a call before its end: the edits would take minutes, and nothing may go on without the caller.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # What the service hears while another image is edited, with a journal of its own, besides what was on its way.
    function Get-LateRequest {
        $before = @((Get-Ledger).requests).Count
        New-Image ../marker.png
        $marker = Invoke-QwenImageEdit ../marker.png 'emulate:seconds=0.4' -Force -JournalPath (Join-Path $TestDrive "$([guid]::NewGuid()).db")
        (Get-Ledger).requests | Select-Object -Skip $before | Where-Object { $_.request_id -ne $marker.RequestId }
    }
}
AfterAll { Stop-Session }

Describe 'A command that is left' -Tag 'Stop' {
    BeforeEach {
        Reset-Session
        New-Image '1.png', '2.png', '3.png', '4.png'
    }

    It 'ends at once, and leaves nothing that goes on: <Script>' -ForEach @(
        @{ Script = { & $edit | Select-Object -First 1 }; Count = 1 }
        @{ Script = { & $edit | ForEach-Object { throw 'enough' } }; Count = 0 }
        @{ Script = { & $edit | ForEach-Object { [int]::Parse('x') } }; Count = 0 }
    ) {
        $edit = { Get-ChildItem | Invoke-QwenImageEdit -Prompt { "emulate:seconds=$(if ($_.Name -eq '2.png') { 0.1 } else { 600 })" } }
        $watch = [System.Diagnostics.Stopwatch]::StartNew()

        # Whatever ends it.
        $results = @(try { & $Script } catch { $null = $_ })

        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
        $results | Should -HaveCount $Count
        '2-edited.png' | Should -Exist
        $files = Get-RelativeFile
        @(Get-LateRequest).Count | Should -BeLessOrEqual 3
        Get-RelativeFile | Should -Be $files
        $files -like '*.tmp' | Should -BeNullOrEmpty
    }

    It 'submits no more than was under way: <_> | Select-Object -First 1' -ForEach 'Submit-QwenImageEdit', 'Invoke-QwenImageEdit' {
        Get-ChildItem | & $_ -Prompt 'Make it red' -ThrottleLimit 1 | Select-Object -First 1 | Should -HaveCount 1

        @((Get-Ledger).jobs) | Should -HaveCount 1
    }

    It 'ends at an error upstream' {
        { & { '1.png'; throw 'no more' } | Invoke-QwenImageEdit -Prompt 'emulate:processing' } | Should -Throw 'no more'

        @(Get-LateRequest).Count | Should -BeLessOrEqual 1
    }
}
