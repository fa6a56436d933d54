#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')
    Reset-Session
    New-Image 'first.png'
    # The first call compiles the module's code. On a busy machine that takes longer than images are held back.
    $null = Get-ChildItem -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out
}
AfterAll { Stop-Session }

Describe 'Images of a pipeline for one file' -Tag 'Collision' {
    BeforeEach {
        Reset-Session
        New-Image 'x/a.png', 'y/a.png', 'z/b.png'
    }

    It 'are not sent, none of them, and the others go: <Script>' -ForEach @(
        @{ Script = { Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -RunVariable script:run } }
        @{ Script = { Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -ThrottleLimit 1 -RunVariable script:run } }
        @{ Script = { Get-ChildItem -Recurse -File | Submit-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -Force -RunVariable script:run } }
        @{ Script = { Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath { "$($_.BaseName).png" } -RunVariable script:run } }
    ) {
        $written = Invoke-Script $Script

        $written.ErrorIds -like 'DestinationCollision,*' | Should -HaveCount 2
        $written.Errors | Should -HaveCount 2
        $written.Errors.TargetObject | Sort-Object | Should -Be (Get-FullName 'x/a.png', 'y/a.png' | ForEach-Object { [System.IO.Path]::GetFullPath($_) })
        $written.Output.Source | Split-Path -Leaf | Should -Be 'b.png'
        @((Get-Ledger).jobs) | Should -HaveCount 1
        $run.Total, $run.InvalidInput | Should -Be 3, 2
    }

    It 'are told by -WhatIf and measured alike' {
        $screen = Get-Screen {
            Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problems
            "problems: $($problems.Count)"
        }
        $forecast = Get-ChildItem -Recurse -File | Measure-QwenImageEdit -Prompt 'Make it red' -DestinationPath out

        $screen | Should -BeLike '*problems: 2*'
        $forecast.ToSubmit, $forecast.Problems.Count | Should -Be 1, 2
    }

    It 'are sent as far as they came in time, and the error of a later one says so' {
        # The second is asked for when the first has been sent, which no further record has to bring about.
        $written = Invoke-Script {
            & {
                'x/a.png'
                Wait-Until { @((Get-Ledger).jobs).Count -eq 1 }
                'y/a.png'
            } | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out -RunVariable script:run
        }

        $written.ErrorIds | Should -Be (Get-ErrorId DestinationCollision)
        "$($written.Errors[0])" | Should -BeLike '*another image of this call, which was sent before*'
        $written.Errors[0].TargetObject | Should -BeLike '*y*a.png'
        $written.Output.Status | Should -Be 'Received'
        $run.Total, $run.Received, $run.InvalidInput | Should -Be 2, 1, 1
    }

    It 'are sent while the pipeline waits for its next record, as many as may be under way' {
        New-Image (1..6 | ForEach-Object { "many/$_.png" })

        $written = Invoke-Script {
            & {
                1..5 | ForEach-Object { "many/$_.png" }
                Wait-Until { @((Get-Ledger).jobs).Count -eq 2 }
                'many/6.png'
            } | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit 2
        }

        $written.Errors | Should -BeNullOrEmpty
        $written.Output | Should -HaveCount 6
    }
}
