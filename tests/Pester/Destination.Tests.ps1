#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'The result' -Tag 'Destination' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
        $original = [System.IO.File]::ReadAllBytes((Get-FullName 'a.png'))
    }

    It 'goes to <File>: <Script>' -ForEach @(
        @{ File = 'a-edited.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' } }
        @{ File = 'a-edited.jpeg'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ImageFormat Jpeg } }
        @{ File = 'a-edited.webp'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ImageFormat Webp } }
        @{ File = 'a-edited.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath '' } }
        @{ File = 'out/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath out } }
        @{ File = 'out/a.webp'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath out -ImageFormat Webp } }
        @{ File = 'out/deep/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath ./out/deep/ } }
        @{ File = 'out/v1.0/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath out/v1.0 } }
        @{ File = 'out.png/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath out.png/ } }
        @{ File = 'folder.png/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath folder.png } }
        @{ File = 'out/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath "$PWD/out" } }
        @{ File = 'red.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath red.png } }
        @{ File = 'out/red.PNG'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath out/red.PNG } }
        @{ File = 'red.jpg'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath red.jpg -ImageFormat Jpeg } }
        @{ File = 'red.jpeg'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath red.jpeg -ImageFormat Jpeg } }
        @{ File = '红 [1].png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath '红 [1].png' } }
        @{ File = 'a-edited.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath . } }
        @{ File = 'a-edited.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath $PWD } }
        @{ File = 'a-edited.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath out/.. } }
        @{ File = 'folder.png/a.png'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath (Get-Item folder.png) } }
    ) {
        $null = New-Item folder.png -ItemType Directory

        # That the emulator sends the same image back, whatever its format should be, is a warning.
        $result = & $Script 3> $null

        $result.Destination | Should -Be ([System.IO.Path]::GetFullPath((Get-FullName $File)))
        @(Get-RelativeFile) | Should -HaveCount 2
        (Get-RelativeFile) -ceq $File | Should -HaveCount 1
    }

    It 'is the image that the service made, and has its length' {
        $result = Invoke-QwenImageEdit a.png 'Make it red'

        [System.IO.File]::ReadAllBytes($result.Destination) | Should -Be $original
        $result.Length | Should -Be $original.Length
    }

    It 'leaves a file that is there, and replaces it with -Force: <File>' -ForEach @(
        @{ Argument = @{}; File = 'a-edited.png' }
        @{ Argument = @{ DestinationPath = 'out' }; File = 'out/a.png' }
        @{ Argument = @{ DestinationPath = 'red.png' }; File = 'red.png' }
    ) {
        $null = New-Item $File -Value mine -Force

        $run = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' @Argument }

        $run.ErrorIds | Should -Be (Get-ErrorId DestinationExists)
        "$($run.Errors)".Contains([System.IO.Path]::GetFullPath((Get-FullName $File))) | Should -BeTrue
        "$($run.Errors)" | Should -BeLike '*-Force*'
        Get-Content $File | Should -Be 'mine'
        (Get-Ledger).requests | Should -BeNullOrEmpty

        $null = Invoke-QwenImageEdit a.png 'Make it red' @Argument -Force
        [System.IO.File]::ReadAllBytes((Get-FullName $File)) | Should -Be $original
    }

    It 'may replace the image itself with -Force' {
        (Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath a.png -Force).Destination | Should -Be (Get-FullName 'a.png')
        Get-RelativeFile | Should -Be 'a.png'
    }

    It 'has the extension of its format, or the error names the parameter: <File> <Format>' -ForEach @(
        @{ File = 'red.jpg'; Format = 'Png'; Advice = '-ImageFormat Jpeg' }
        @{ File = 'red.png'; Format = 'Webp'; Advice = '-ImageFormat Png' }
        @{ File = 'red.webp'; Format = 'Jpeg'; Advice = '-ImageFormat Webp' }
    ) {
        $run = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath $File -ImageFormat $Format }

        $run.ErrorIds | Should -Be (Get-ErrorId DestinationFormatMismatch)
        "$($run.Errors)" | Should -BeLike "*$Advice*"
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'can only go into the file system: <Place>' -ForEach @(
        @{ Place = 'Env:out'; ErrorName = 'NotAFile' }
        @{ Place = 'nosuchdrive:out'; ErrorName = 'DestinationUnwritable' }
    ) {
        (Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath $Place }).ErrorIds | Should -Be (Get-ErrorId $ErrorName)
        # No image of the pipeline could go there.
        { Invoke-Script { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath $Place } } | Should -Throw -ErrorId (Get-ErrorId $ErrorName)
        { Invoke-Script { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath "$Place.png" } } |
            Should -Throw -ErrorId (Get-ErrorId $ErrorName)
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'of an earlier call in the same folder is passed over' {
        New-Image 'a-edited.png', 'b-edited.png'

        $run = Invoke-Script { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ImageFormat Webp }

        # The image of b-edited.png is not there, so that it is an image as any other.
        $run.ErrorIds | Should -BeNullOrEmpty
        $run.Output.Destination | Sort-Object | Should -Be (Get-FullName 'a-edited.webp', 'b-edited-edited.webp')
    }

    It 'of an earlier call is edited again where a destination is named' {
        New-Image 'a-edited.png'

        (Invoke-QwenImageEdit a-edited.png 'Make it red' -DestinationPath out).Destination | Split-Path -Leaf | Should -Be 'a-edited.png'
        Get-RelativeFile | Should -Be 'a-edited.png', 'a.png', 'out/a-edited.png'
    }

    It 'is piped on as a file' {
        $file = Invoke-QwenImageEdit a.png 'Make it red' | Get-ChildItem

        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be (Get-FullName 'a-edited.png')
    }
}

Describe 'Images of one call for one file' -Tag 'Destination' {
    BeforeEach {
        Reset-Session
        New-Image 'x/a.png', 'y/a.png'
    }

    It 'are not sent where both are known: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit x/a.png, y/a.png 'Make it red' -DestinationPath out } }
        @{ Script = { Invoke-QwenImageEdit */a.png 'Make it red' -DestinationPath out } }
        @{ Script = { Invoke-QwenImageEdit */a.png 'Make it red' -DestinationPath one.png } }
        @{ Script = { Invoke-QwenImageEdit x/a.png, x/a.png 'Make it red' } }
        @{ Script = { 'x/a.png', 'y/a.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png } }
        @{ Script = { Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png } }
        @{ Script = { Get-ChildItem -Recurse -File | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png -Force } }
    ) {
        $run = Invoke-Script $Script

        $run.ErrorIds | Should -Be (Get-ErrorId DestinationCollision), (Get-ErrorId DestinationCollision)
        $run.Errors | Where-Object { -not $_.ToString().Contains($_.TargetObject) } | Should -BeNullOrEmpty
        $run.Output | Should -BeNullOrEmpty
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'do not collide where there is one' {
        (Get-ChildItem x | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath one.png).Destination | Should -Be (Get-FullName 'one.png')
    }

    It 'may differ in the extension of their own names' {
        New-Image 'z/a.bmp', 'z/a.png', 'z/b.png'

        $run = Invoke-Script { Invoke-QwenImageEdit z/* 'Make it red' }

        $run.Errors.TargetObject | Split-Path -Leaf | Sort-Object | Should -Be 'a.bmp', 'a.png'
        $run.Output.Source | Split-Path -Leaf | Should -Be 'b.png'
    }

    It 'are received once where they are jobs' {
        $run = Invoke-Script {
            Get-ChildItem -Recurse -File | Submit-QwenImageEdit -Prompt 'Make it red' | Receive-QwenEditResult -Wait -DestinationPath one.png
        }

        $run.ErrorIds | Should -Be (Get-ErrorId DestinationCollision ReceiveQwenEditResult)
        $run.Output | Should -HaveCount 1
    }
}
