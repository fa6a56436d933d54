# What a person sees of some edits in a console, progress and an error included.

# The console of Wine, unlike that of Windows, writes the characters of a code page only.
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
. (Join-Path $PSScriptRoot 'Session.ps1')
Set-Location (New-Item (Join-Path $env:TEMP 'show') -ItemType Directory)
New-Image 'a.png', 'b.png', 'Äpfel 价格.png'
'no image' | Set-Content c.png
Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'emulate:seconds=1'
'The end of it.'
