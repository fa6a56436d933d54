#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'A service that is down' -Tag 'Outage' {
    BeforeEach {
        Reset-Session
        New-Image (1..60 | ForEach-Object { "$_.png" })
    }

    It 'is given up after several images in a row, and the exit code says to run again: <Error>' -ForEach @(
        @{ Error = 'ServiceUnavailable'; Endpoint = '' }
        @{ Error = 'ConnectionFailed'; Endpoint = 'http://127.0.0.1:1' }
    ) {
        $null = Invoke-Emulator faults @{ kind = 'answer'; route = 'submit'; status = 503; body = '{"error": "down"}' }
        $service = if ($Endpoint) { $Endpoint } else { $env:SEGMIND_ENDPOINT }

        $script = Invoke-Script {
            Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it red' -Endpoint $service -MaximumRetryCount 0 -ThrottleLimit 4 -RunVariable script:run
        }

        $script.ErrorIds[-1] | Should -Be (Get-ErrorId SubmissionStopped)
        "$($script.Errors[-1])" | Should -BeLike '*10 images in a row*'
        $run.Failed | Should -BeGreaterOrEqual 10
        $run.Failed | Should -BeLessOrEqual 14
        $run.Failed + $run.NotSubmitted | Should -Be 60
        $run.Total, "$($run.StoppedBy)", $run.ExitCode | Should -Be 60, 'Service', 5
    }

    It 'is not given up for single errors' {
        $null = Invoke-Emulator faults @{ kind = 'answer'; route = 'submit'; status = 503; body = '{"error": "down"}'; next = 9 }

        $script = Invoke-Script { Invoke-QwenImageEdit *.png -Prompt 'Make it red' -MaximumRetryCount 0 -RunVariable script:run }

        $script.ErrorIds | Should -Be (@(Get-ErrorId ServiceUnavailable) * 9)
        $run.Failed, $run.Received, $run.NotSubmitted | Should -Be 9, 51, 0
    }
}

Describe 'The script of about_QwenEdit_Unattended' -Tag 'Outage' {
    BeforeEach {
        Reset-Session
        $about = Get-Content (Join-Path $repository 'docs/en-US/about_QwenEdit_Unattended.md') -Raw
        $script = [regex]::Match($about, '(?s)```powershell\r?\n(param\(.+?)```').Groups[1].Value
        Set-Content edit.ps1 -Value $script -Encoding utf8

        function Invoke-EditScript([string] $Source) {
            Invoke-Shell "& ./edit.ps1 -Source '$Source' -Destination out -Logs logs; exit `$LASTEXITCODE"
        }

        # An edit whose outcome nobody knows, of an image that is not in the folder of the script.
        function New-UnknownEdit {
            New-Image 'elsewhere/lost.png'
            $null = Invoke-Emulator faults @{ kind = 'reset-after-accepting'; route = 'submit'; next = 1 }
            $null = Invoke-QwenImageEdit elsewhere/lost.png 'Make it red' -RunVariable run -ErrorAction Ignore
            $run.Unknown | Should -Be 1
        }
    }

    It 'exits with 1 for a source that is not there: <_>' -ForEach 'missing', 'missing/*.png' {
        $shell = Invoke-EditScript $_

        $shell.ExitCode | Should -Be 1
        $shell.Error + $shell.Output | Should -BeLike '*missing*'
    }

    It 'records a run without images and exits with 0, or with 1 by the line of the topic' {
        (Invoke-EditScript 'none*.png').ExitCode | Should -Be 0
        (Get-QwenEditRun).Command | Should -Be 'Resume-QwenImageEdit', 'Invoke-QwenImageEdit'

        $line = [regex]::Match($about, '(?m)^ *if \(-not \$images\).*$').Value
        $line | Should -Not -BeNullOrEmpty
        Set-Content edit.ps1 -Value ($script -replace '(?m)^( *\$images = .*)$', "`$1`n$($line.Replace('$', '$$'))") -Encoding utf8

        $shell = Invoke-EditScript 'none*.png'

        $shell.ExitCode | Should -Be 1
        $shell.Error + $shell.Output | Should -BeLike '*No file matches none*'
    }

    It 'exits with 0 when both runs are done' {
        New-Image 'a.png'

        (Invoke-EditScript '*.png').ExitCode | Should -Be 0
        'out/a.png' | Should -Exist
    }

    It 'exits with 20 for an unknown edit of an earlier night: <Source>' -ForEach @(
        @{ Source = '*.png'; Codes = 20, 0 }
        # What needs a person is not hidden by the error of a wrong source.
        @{ Source = 'missing'; Codes = 20 }
    ) {
        New-UnknownEdit
        New-Image 'a.png'

        $shell = Invoke-EditScript $Source

        $shell.ExitCode | Should -Be 20
        Get-QwenEditRun -Last 10 | Select-Object -Skip 1 | ForEach-Object ExitCode | Should -Be $Codes
    }

    It 'exits with the code of the new images where it comes first: 8' {
        New-UnknownEdit
        New-Image 'a.png', 'b.png'
        Set-Content edit.ps1 -Value ((Get-Content edit.ps1 -Raw).Replace('-MaxCost 5', '-MaxCost 0.0125')) -Encoding utf8

        (Invoke-EditScript '*.png').ExitCode | Should -Be 8
    }
}
