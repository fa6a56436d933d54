#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Starts the built sample, which starts a PowerShell of its own: one shell for testing is enough.
Describe 'QuickStart' -Tag 'QuickStart' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
    BeforeAll {
        $repository = Split-Path (Split-Path $PSScriptRoot)
        $program = (Get-ChildItem ([System.IO.Path]::Combine($repository, 'samples', 'QuickStart', 'bin')) -Recurse -Filter QuickStart.dll |
                Where-Object FullName -Match '[\\/]net10\.0[\\/]QuickStart\.dll$' | Sort-Object LastWriteTime | Select-Object -Last 1).FullName

        # Runs the sample with its output in files. Lines of input come from the pipeline.
        function Invoke-QuickStart {
            $files = [System.IO.Path]::GetTempFileName(), [System.IO.Path]::GetTempFileName()
            try {
                $input | & dotnet $program @args > $files[0] 2> $files[1]
                [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = @(Get-Content $files[0]); Errors = Get-Content $files[1] -Raw }
            }
            finally {
                Remove-Item $files
            }
        }

        # Starts the sample in a process group of its own, sends it a signal when its command writes "ready", and returns its exit code.
        function Send-Signal([string] $Signal, [string] $Target, [string] $Command, [string] $OutputPath) {
            $env:PROGRAM, $env:COMMAND, $env:OUTPUT = $program, $Command, $OutputPath
            & bash -c "set -m; dotnet `"`$PROGRAM`" -Command `"`$COMMAND`" > `"`$OUTPUT`" 2>&1 < /dev/null & pid=`$!
                until grep -q ready `"`$OUTPUT`" || ! kill -0 `$pid; do sleep 0.1; done; kill -$Signal -- $Target`$pid; wait `$pid" 2> $null
            $LASTEXITCODE
            Remove-Item Env:PROGRAM, Env:COMMAND, Env:OUTPUT
        }

        # What a user has set must not reach the shell.
        $outside = @{}
        foreach ($name in 'SEGMIND_ENDPOINT', 'SEGMIND_HISTORY_ENDPOINT', 'SEGMIND_API_KEY', 'QWENEDIT_JOURNAL', 'NO_COLOR') {
            $outside[$name] = [Environment]::GetEnvironmentVariable($name)
        }
        $env:SEGMIND_ENDPOINT = $env:SEGMIND_HISTORY_ENDPOINT = 'http://127.0.0.1:9/'
        $env:SEGMIND_API_KEY = 'SG_of_the_user'
        $env:QWENEDIT_JOURNAL = Join-Path $TestDrive 'of-the-user.db'
        $env:NO_COLOR = $null
    }

    BeforeEach { Push-Location (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory) }
    AfterEach { Pop-Location }

    AfterAll {
        foreach ($name in $outside.Keys) {
            [Environment]::SetEnvironmentVariable($name, $outside[$name])
        }
    }

    Context 'without arguments' {
        BeforeAll {
            $folder = New-Item (Join-Path $TestDrive 'a tour') -ItemType Directory
            Push-Location $folder
            $tour = Invoke-QuickStart
            Pop-Location
        }

        It 'ends with exit code 0 and without errors' {
            $tour.Errors | Should -BeNullOrEmpty
            $tour.ExitCode | Should -Be 0
        }

        It 'shows each statement before its output' {
            $statements = @(Get-Content (Join-Path $repository 'samples/QuickStart/quickstart.ps1') | Where-Object { $_ })
            $next = 0
            foreach ($line in $tour.Output) {
                $next += [int] ($next -lt $statements.Count -and $line -eq $statements[$next])
            }
            $next | Should -Be $statements.Count

            $second = [array]::LastIndexOf($tour.Output, 'Invoke-QwenImageEdit sale.png -Prompt "Change ''1000$'' to ''5$''" @to')
            $tour.Output[($second + 1)..($second + 5)] -join "`n" | Should -Match '^\nStatus .*\n------.*\nSkipped '
        }

        It 'writes plain text to a file, without colours and with single empty lines' {
            $text = $tour.Output -join "`n"
            $text | Should -Not -Match "`e"
            $text | Should -Not -Match "\n\n\n"
        }

        It 'shows the cost by the ledger' {
            $tour.Output | Should -Contain "The emulator's ledger: 7 edits billed, $('{0:0.00##}' -f 0.2548) credits."
            $tour.Output | Should -Contain "Its account had $('{0:0.00}' -f 100) credits and has $('{0:0.00##}' -f 99.7452)."
        }

        It 'leaves the pictures before and after in one sheet' {
            $sheet = [System.IO.Path]::Combine($folder, 'quickstart-images', 'edited', 'before-and-after.png')
            $tour.Output | Should -Contain "Before and after: $sheet"
            [int[]] $bytes = [System.IO.File]::ReadAllBytes($sheet)
            $width, $height = 16, 20 | ForEach-Object { ($bytes[$_] -shl 24) + ($bytes[$_ + 1] -shl 16) + ($bytes[$_ + 2] -shl 8) + $bytes[$_ + 3] }
            # Two rows of at most four pairs.
            $width | Should -BeGreaterThan ($height * 2)
        }

        It 'stops at a statement that fails' {
            Set-Content failing.ps1 '# This one works.', '"one"', 'Write-Error "Broken."', '"two"'
            $run = Invoke-QuickStart ([System.IO.Path]::Combine($repository, 'samples', 'QuickStart', 'tour.ps1')) failing.ps1
            $run.ExitCode | Should -Be 1
            $run.Output | Should -Be '# This one works.', '"one"', 'one', 'Write-Error "Broken."'
            $run.Errors | Should -Match 'Broken\.'
        }

        It 'says what is next' {
            @($tour.Output | Select-String '^Next: ').Count | Should -Be 3
            @($tour.Output | Select-String '^  dotnet run --project .*QuickStart.* -- -Interactive$').Count | Should -Be 1
        }

        It 'leaves a folder in which the examples of the README run' {
            $readme = Get-Content (Join-Path $repository 'README.md') -Raw
            $examples = [regex]::Match($readme, '(?s)\n## Examples\n(.*?)\n## ').Groups[1].Value
            $code = [regex]::Matches($examples, '(?s)```powershell\n(.*?)```') | ForEach-Object { $_.Groups[1].Value }
            $code.Count | Should -BeGreaterOrEqual 5
            Set-Content examples.ps1 ("`$ErrorActionPreference = 'Stop'", "Set-Location '$folder/quickstart-images'" + $code)

            $examplesRun = Invoke-QuickStart ./examples.ps1
            $examplesRun.Errors | Should -BeNullOrEmpty
            $examplesRun.ExitCode | Should -Be 0
        }
    }

    Context 'with a script' {
        It 'passes the arguments on' {
            Set-Content show.ps1 'param([string] $Name, [switch] $Flag, [switch] $Other, [int] $Number, [Parameter(ValueFromRemainingArguments)] $Rest)
                $Name; $Flag.IsPresent; $Other.IsPresent; $Number; $Rest.Count; $Rest; $PSCommandPath; $PWD.Path'

            $arguments = './show.ps1', '-Name', 'it''s "a" $name; `b', '-Flag:$false', '-Other', '-Number', '7', 'c d', '', '$(1+1)'
            $run = Invoke-QuickStart @arguments
            $run.Errors | Should -BeNullOrEmpty
            $run.Output | Should -Be @('it''s "a" $name; `b', 'False', 'True', '7', '3', 'c d', '', '$(1+1)', (Join-Path $PWD 'show.ps1'), $PWD.Path)
        }

        It 'has the exit code of the script: <Script>' -ForEach @(
            @{ Script = 'exit 42'; ExitCode = 42 }
            @{ Script = '& { exit 5 }'; ExitCode = 5 }
            @{ Script = '"done"'; ExitCode = 0 }
            @{ Script = 'throw "Broken."'; ExitCode = 1 }
        ) {
            Set-Content script.ps1 $Script
            (Invoke-QuickStart script.ps1).ExitCode | Should -Be $ExitCode
        }

        It 'says which script is not there' {
            $run = Invoke-QuickStart absent.ps1
            $run.ExitCode | Should -Be 64
            $run.Errors.Trim() | Should -Be "There is no script $(Join-Path $PWD 'absent.ps1')."
        }
    }

    Context 'with -Command' {
        It 'has the module imported, and nothing of the user' {
            $run = Invoke-QuickStart -Command '(Get-Module QwenEdit).Path; $env:SEGMIND_API_KEY; $env:QWENEDIT_JOURNAL; $env:SEGMIND_ENDPOINT; $env:SEGMIND_HISTORY_ENDPOINT'
            $run.Output[0] | Should -BeLike ([System.IO.Path]::Combine($repository, 'out', 'QwenEdit', '*'))
            $run.Output.Count | Should -Be 5
            $run.Output | Should -Not -Contain 'SG_of_the_user'
            $run.Output | Should -Not -Contain 'http://127.0.0.1:9/'
            $run.Output | Should -Not -Contain $env:QWENEDIT_JOURNAL
            # The journal of a run is temporary.
            Split-Path $run.Output[2] | Should -Not -Exist
        }

        It 'has the module in jobs and in parallel blocks' {
            $run = Invoke-QuickStart -Command '1 | ForEach-Object -Parallel { [int] (Get-QwenEditCredit).Credits }; Start-Job { [int] (Get-QwenEditCredit).Credits } | Receive-Job -Wait'
            $run.Errors | Should -BeNullOrEmpty
            $run.Output | Should -Be '100', '100'
        }

        It 'has the exit code of PowerShell: <Command>' -ForEach @(
            @{ Command = 'exit 9'; ExitCode = 9 }
            @{ Command = '$true'; ExitCode = 0 }
            @{ Command = 'Get-Item absent'; ExitCode = 1 }
        ) {
            (Invoke-QuickStart -Command $Command).ExitCode | Should -Be $ExitCode
        }

        It 'ends with the error of a statement that fails' {
            $run = Invoke-QuickStart -c '"before"; Invoke-QwenImageEdit absent.png -Prompt x -ErrorAction Stop; "after"'
            $run.ExitCode | Should -Be 1
            $run.Output | Should -Be 'before'
            $run.Errors | Should -Match 'There is no file absent\.png'
        }
    }

    Context 'with -Interactive' {
        It 'opens a prompt beside the posters' {
            $run = '"in $(Get-Location)"', '"module $((Get-Module QwenEdit).Name)"', '"images $((Get-ChildItem *.png, *.jpg, *.webp).Count)"', 'exit 3' |
                Invoke-QuickStart -Interactive
            $run.ExitCode | Should -Be 3
            $run.Output[0] | Should -Be "PowerShell with QwenEdit, in $(Join-Path $PWD 'quickstart-images')"
            $run.Output | Should -Contain "in $(Join-Path $PWD 'quickstart-images')"
            $run.Output | Should -Contain 'module QwenEdit'
            $run.Output | Should -Contain 'images 5'
        }

        It 'stays in a folder that has images, and leaves it as it is' {
            Set-Content mine.jpg 'an image'
            $run = '"in $(Get-Location)"', 'exit' | Invoke-QuickStart -Interactive
            $run.ExitCode | Should -Be 0
            $run.Output | Should -Contain "in $PWD"
            (Get-ChildItem).Name | Should -Be 'mine.jpg'
        }
    }

    It 'prints its help: <_>' -ForEach '--help', '-h', '-?', '-Help' {
        $run = Invoke-QuickStart $_
        $run.ExitCode | Should -Be 0
        $run.Output | Select-String -SimpleMatch '-- -Interactive', '-- -Command', '<script.ps1>' | Should -HaveCount 3
    }

    It 'refuses what makes no sense, and says what is understood: <_>' -ForEach '--nonsense', '-Command', '-Interactive now' {
        $nonsense = $_ -split ' '
        $run = Invoke-QuickStart @nonsense
        $run.ExitCode | Should -Be 64
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -Match "^Not understood: $_\r?\nGive a script .*-Command .*-Interactive, --help"
    }

    Context 'with a signal' -Skip:($IsWindows) {
        It 'ends with 130 after Ctrl+C, when the shell has ended' {
            Send-Signal -Signal INT -Target '-' -OutputPath "$PWD/out.txt" -Command '"ready"; try { Start-Sleep 60 } finally { [Console]::WriteLine("cleaned up") }' | Should -Be 130
            Get-Content out.txt | Should -Be 'ready', 'cleaned up'
        }

        It 'ends the shell after SIGTERM' {
            Send-Signal -Signal TERM -OutputPath "$PWD/out.txt" -Command '"$PID"; "ready"; Start-Sleep 60' | Should -Be 143
            Get-Process -Id (Get-Content out.txt)[0] -ErrorAction Ignore | Should -BeNullOrEmpty
        }
    }
}
