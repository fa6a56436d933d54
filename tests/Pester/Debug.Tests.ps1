#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe '-Debug' -Tag 'Debug' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'asks nothing, where nobody could answer: <Name>' -ForEach @(
        @{ Name = '-Debug'; Before = ''; Argument = '-Debug' }
        @{ Name = '$DebugPreference'; Before = '$DebugPreference = "Inquire"'; Argument = '' }
    ) {
        $shell = Invoke-Shell "
            $Before
            `$job = Submit-QwenImageEdit a.png Red -DestinationPath red.png $Argument
            `$null = `$job | Receive-QwenEditResult -Wait $Argument
            `$null = Invoke-QwenImageEdit a.png 'emulate:seconds=0.2' -DestinationPath blue.png -RunVariable run $Argument
            `$null = Resume-QwenImageEdit $Argument
            Get-QwenEditJob | Remove-QwenEditJob -Confirm:`$false $Argument
            'received {0}, code {1}, left {2}' -f `$run.Received, `$run.ExitCode, @(Get-QwenEditJob).Count"

        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -BeLike '*received 1, code 0, left 0*'
        $shell.Output | Should -BeLike '*DEBUG:*POST*'
        $shell.Output | Should -Not -BeLike '*Continue with this operation*'
    }

    It 'asks nothing after a warning' {
        $shell = Invoke-Shell "
            `$null = Invoke-QwenImageEdit a.png Red -DestinationPath red.png -Upload Storage -RunVariable run -Debug
            'received {0}' -f `$run.Received"

        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -BeLike '*public URL*received 1*'
    }
}
