#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe '-WhatIf' -Tag 'WhatIf' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
    }

    It 'says what would be done, and sends and writes nothing: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit *.png 'Make it red' -WhatIf } }
        @{ Script = { Submit-QwenImageEdit *.png 'Make it red' -WhatIf } }
        @{ Script = { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -WhatIf } }
        @{ Script = { $WhatIfPreference = $true; Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' } }
    ) {
        $lines = @((Get-Screen $Script) -split '\r?\n' | Where-Object { $_ })

        $lines | Should -HaveCount 2
        foreach ($name in 'a', 'b') {
            $edit = "Edit with qwen-image-edit-fast into $(Get-FullName "$name-edited.png")"
            @($lines | Where-Object { $_.Contains($edit) -and $_.Contains((Get-FullName "$name.png")) }) | Should -HaveCount 1
        }
        Get-RelativeFile | Should -Be 'a.png', 'b.png'
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'needs no key' {
        $key = $env:SEGMIND_API_KEY
        $env:SEGMIND_API_KEY = $null
        try {
            $screen = Get-Screen {
                Invoke-QwenImageEdit a.png 'Make it red' -WhatIf
                Submit-QwenImageEdit b.png 'Make it red' -WhatIf
                Receive-QwenEditResult some-id -WhatIf
            }
        }
        finally {
            $env:SEGMIND_API_KEY = $key
        }

        foreach ($target in (Get-FullName 'a.png'), (Get-FullName 'b.png'), 'some-id') {
            $screen.Contains($target) | Should -BeTrue
        }
    }

    It 'finds the problems too' {
        Set-Content c.png 'no image'

        $screen = Get-Screen {
            'b.png', 'c.png', 'd.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -WhatIf -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems | ForEach-Object { "problem: $($_.FullyQualifiedErrorId)" }
        }

        $screen.Contains((Get-FullName 'b-edited.png')) | Should -BeTrue
        @($screen -split '\r?\n' -like 'problem: *') | Sort-Object |
            Should -Be "problem: $(Get-ErrorId ImageNotFound)", "problem: $(Get-ErrorId NotAnImage)"
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'names the request and the file of a job that would be received, and asks the service for nothing' {
        $job = Submit-QwenImageEdit a.png 'Make it red'

        $screen = Get-Screen { $job | Receive-QwenEditResult -WhatIf }

        $screen.Contains("Receive into $(Get-FullName 'a-edited.png')") | Should -BeTrue
        $screen.Contains($job.RequestId) | Should -BeTrue
        (Get-Ledger).requests.route | Should -Be 'submit'
        Get-RelativeFile | Should -Be 'a.png', 'b.png'
    }

    It 'names the edits and the images that Remove-QwenEditJob would remove, and the problems too' {
        $null = Invoke-QwenImageEdit a.png 'Make it red'
        $null = Submit-QwenImageEdit b.png 'Make it red'

        $screen = Get-Screen {
            Get-QwenEditJob | Remove-QwenEditJob -WhatIf -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems | ForEach-Object { "problem: $($_.FullyQualifiedErrorId)" }
        }

        $lines = @($screen -split '\r?\n' | Where-Object { $_ })
        $lines | Should -HaveCount 2
        $lines[0].Contains("edit 1 of $(Get-FullName 'a.png')") | Should -BeTrue
        $lines[1] | Should -Be "problem: $(Get-ErrorId JobUnfinished RemoveQwenEditJob)"
        Get-QwenEditJob | Should -HaveCount 2
    }
}
