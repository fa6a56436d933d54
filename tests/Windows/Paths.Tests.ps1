BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }

Describe 'A path of Windows' {
    BeforeEach { Enter-EmptyScene }

    It 'is taken as an image and as a destination: <Name>' -ForEach @(
        @{ Name = 'from a drive'; Path = { Join-Path $PWD 'a.png' } }
        @{ Name = 'with forward slashes'; Path = { (Join-Path $PWD 'a.png').Replace('\', '/') } }
        @{ Name = 'a name alone'; Path = { 'a.png' } }
        @{ Name = 'relative'; Path = { '.\sub\..\a.png' } }
        @{ Name = 'relative to the drive'; Path = { $PWD.ProviderPath.Substring(2) + '\a.png' } }
        @{ Name = 'relative on its drive'; Path = { 'C:a.png' } }
        @{ Name = 'of a drive of PowerShell'; Path = { 'TestDrive:\' + (Split-Path $PWD -Leaf) + '\a.png' } }
        @{ Name = 'in capital letters'; Path = { (Join-Path $PWD 'a.png').ToUpperInvariant() } }
        @{ Name = 'with the prefix of long paths'; Path = { '\\?\' + (Join-Path $PWD 'a.png') } }
        @{ Name = 'with the prefix of devices'; Path = { '\\.\' + (Join-Path $PWD 'a.png') } }
    ) {
        New-Image 'a.png'
        $null = New-Item sub -ItemType Directory
        $path = & $Path
        $destination = $path -replace 'a\.png$', 'b.png'

        $result = Invoke-QwenImageEdit -LiteralPath $path 'Make it night' -DestinationPath $destination
        $again = Invoke-QwenImageEdit -LiteralPath $path 'Make it night' -DestinationPath $destination

        $result.Status | Should -Be 'Received'
        $again.Status | Should -Be 'Skipped'
        (Get-FileHash b.png).Hash | Should -Be (Get-FileHash a.png).Hash
        (Get-Ledger).jobs | Should -HaveCount 1
    }

    It 'is one destination, however it is written' {
        New-Image 'a.png', 'b.png'
        $rows = [pscustomobject]@{ Path = 'a.png'; DestinationPath = 'Out\c.png' }, [pscustomobject]@{ Path = 'b.png'; DestinationPath = '.\OUT/C.PNG' }

        $results = $rows | Invoke-QwenImageEdit -Prompt 'Make it night' -ErrorVariable errors -ErrorAction SilentlyContinue

        # Both are known before either is sent.
        $results | Should -BeNullOrEmpty
        $errors.FullyQualifiedErrorId | Should -HaveCount 2
        $errors.FullyQualifiedErrorId | Should -BeLike 'DestinationCollision,*'
        (Get-Ledger).jobs | Should -BeNullOrEmpty
    }

    It 'may have any name that Windows takes: <_>' -ForEach 'with a space.png', 'Äpfel 价格 🍎.png', "it's.png", '[1] {a} $b `c.png', 'many.dots.in.it.png', '100%&^.png' {
        New-Image $_

        $results = @(
            Get-Item -LiteralPath $_ | Invoke-QwenImageEdit -Prompt 'Make it night' -DestinationPath out
            Get-Item -LiteralPath $_ | Invoke-QwenImageEdit -Prompt 'Make it night' -DestinationPath out
        )

        $results.Status | Should -Be 'Received', 'Skipped'
        Assert-EachEditedOnce $_ out
    }

    It 'may be longer than 260 characters' {
        $folder = [System.IO.Path]::Combine($PWD, 'a' * 120, 'b' * 120)
        $null = [System.IO.Directory]::CreateDirectory($folder)
        New-Image 'a.png'
        Move-Item a.png $folder

        $result = Get-ChildItem $folder -File | Invoke-QwenImageEdit -Prompt 'Make it night'

        $result.Status | Should -Be 'Received'
        $result.Destination.Length | Should -BeGreaterThan 260
        $result.Destination | Should -Exist
    }

    It 'is refused before anything is sent where Windows has no such name: <_>' -ForEach 'CON.png', 'nul.png', 'out\COM1.png', 'a<b.png', 'a|b.png', 'a?b.png', 'a*b.png', 'a"b.png', 'out\a:b.png' {
        New-Image 'a.png'

        $result = Invoke-QwenImageEdit a.png 'Make it night' -DestinationPath $_ -ErrorVariable errors -ErrorAction SilentlyContinue

        $result.Status | Should -Not -Be 'Received'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike '*,QwenEdit.Commands.InvokeQwenImageEditCommand'
        $errors[0].ToString() | Should -BeLike "*$(Split-Path $_ -Leaf)*"
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'names a share, where no journal is kept: <_>' -ForEach '\\server\share\journal.db', '//server/share/journal.db', '\\?\UNC\server\share\journal.db' {
        New-Image 'a.png'

        { Invoke-QwenImageEdit a.png 'Make it night' -JournalPath $_ } | Should -Throw -ErrorId 'JournalUnavailable,*'
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'may name a journal with the prefix of long paths' {
        New-Image 'a.png'

        (Invoke-QwenImageEdit a.png 'Make it night' -JournalPath ('\\?\' + (Join-Path $PWD 'journal.db'))).Status | Should -Be 'Received'
        'journal.db' | Should -Exist
    }

    It 'names an image on a share' {
        New-Image 'a.png'
        $share = '\\localhost\' + $PWD.ProviderPath.Replace(':', '$') + '\a.png'
        if (-not (Test-Path $share)) { Set-ItResult -Skipped -Because 'Wine serves no shares' }

        (Invoke-QwenImageEdit $share 'Make it night' -DestinationPath b.png).Status | Should -Be 'Received'
    }
}
