#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')
    # The emulator fetches nothing, and has a picture for every address that is not this machine's.
    $web = 'https://images.example'
}
AfterAll { Stop-Session }

Describe 'Addresses of images' -Tag 'Uri' {
    BeforeEach { Reset-Session }

    It 'are fetched by the service, and the results go to the location: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit -Uri $web/poster.jpg -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -Path $web/poster.jpg -Prompt 'Make it red' } }
        @{ Script = { "$web/poster.jpg" | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { [uri] "$web/poster.jpg" | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { [pscustomobject] @{ Uri = "$web/poster.jpg" } | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -Uri ([uri] "$web/poster.jpg") -Prompt 'Make it red' } }
    ) {
        $result = & $Script

        $result.Source | Should -Be "$web/poster.jpg"
        $result.Destination | Should -Be (Get-FullName 'poster-edited.png')
        Get-RelativeFile | Should -Be 'poster-edited.png'
    }

    It 'name the file: <Path>' -ForEach @(
        @{ Path = '/photos/%E6%B5%B7%E6%8A%A5.png'; File = "$([char] 0x6D77)$([char] 0x62A5)-edited.png" }
        @{ Path = '/a%2Fb.png?size=large'; File = 'b-edited.png' }
        @{ Path = '/a%20b.png'; File = 'a b-edited.png' }
        @{ Path = '/'; File = 'images.example-edited.png' }
        @{ Path = '/photos/'; File = 'photos-edited.png' }
    ) {
        $null = Invoke-QwenImageEdit -Uri "$web$Path" 'Make it red'

        Get-RelativeFile | Should -Be $File
    }

    It 'go with files in one pipeline' {
        New-Image 'a.png'

        $null = 'a.png', "$web/b.png" | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath out

        Get-RelativeFile | Should -Be 'a.png', 'out/a.png', 'out/b.png'
    }

    It 'are failed edits where the service can not fetch them' {
        $run = Invoke-Script { Invoke-QwenImageEdit -Uri http://127.0.0.1/poster.png -Prompt 'Make it red' }

        $run.ErrorIds | Should -Be (Get-ErrorId JobFailed)
        $run.Errors[0].TargetObject | Should -Be 'http://127.0.0.1/poster.png'
        $run.Output.Status | Should -Be 'Failed'
    }

    It 'may be those of results, which lie at the service' {
        New-Image 'a.png'

        $first = Invoke-QwenImageEdit a.png 'Make it red'
        $null = Invoke-QwenImageEdit -Uri $first.OutputUrl 'Make it blue' -DestinationPath b.png

        Get-RelativeFile | Should -Be 'a-edited.png', 'a.png', 'b.png'
        # Files are asked for without the key.
        $files = @((Get-Ledger).requests | Where-Object route -EQ 'file')
        $files | Should -Not -BeNullOrEmpty
        $files | Where-Object { $_.psobject.Properties['key_id'] -and $_.key_id } | Should -BeNullOrEmpty
    }
}
