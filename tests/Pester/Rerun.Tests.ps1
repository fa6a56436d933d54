#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'The same command, run again in one folder' -Tag 'Rerun' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
        $null = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it red'
    }

    It 'leaves out the results of the first, and succeeds: <Script>' -ForEach @(
        @{ Script = { Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it red' -RunVariable run -Verbose } }
        @{ Script = { (Get-ChildItem *.png).FullName | Invoke-QwenImageEdit -Prompt 'Make it red' -RunVariable run -Verbose } }
        @{ Script = { Invoke-QwenImageEdit *.png -Prompt 'Make it red' -RunVariable run -Verbose } }
    ) {
        # Errors end the command here, as they do in many scripts.
        $written = . $Script 4>&1
        $verbose = @($written | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message -like '*left out*'
        $results = @($written | Where-Object { $_ -is [QwenEdit.EditResult] })

        $results.Status | Should -Be 'Skipped', 'Skipped'
        $verbose | Should -HaveCount 2
        $verbose -like "*$((Get-FullName 'a-edited.png'))*" | Should -HaveCount 1
        $run.LeftOut, $run.Skipped, $run.Total, $run.InvalidInput, $run.ExitCode | Should -Be 2, 2, 4, 0, 0
        (Get-QwenEditRun -Last 1).LeftOut | Should -Be 2
        (Get-Ledger).jobs | Should -HaveCount 2
    }

    It 'is measured alike' {
        $forecast = Get-ChildItem *.png | Measure-QwenImageEdit -Prompt 'Make it red'

        $forecast.Images, $forecast.Done, $forecast.LeftOut, $forecast.Problems.Count | Should -Be 2, 2, 2, 0
    }

    It 'refuses a result that is named by itself' {
        { Invoke-QwenImageEdit a-edited.png 'Make it red' } | Should -Throw -ErrorId (Get-ErrorId SourceIsResult)
    }
}
