# Where the results go. Force, because this script may run twice.
$to = @{ DestinationPath = 'edited'; Force = $true }

# The posters are in this folder. -WhatIf only says what would be done.
Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it night' @to -WhatIf

# A new price on a poster.
Invoke-QwenImageEdit sale.png -Prompt "Change '1000$' to '5$'" @to

# The same again: the journal knows that it is done, and nothing is paid twice.
Invoke-QwenImageEdit sale.png -Prompt "Change '1000$' to '5$'" @to

# Many at once: each result comes as soon as it is done. WebP is small.
Get-ChildItem *.jpg |
    Invoke-QwenImageEdit -Prompt 'Make it night' -ImageFormat Webp @to

# A prompt for each image, from a table of Path, Prompt and DestinationPath.
Import-Csv edits.csv | Invoke-QwenImageEdit -Force

# Submit now, look when you like, receive when they are done.
$jobs = Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'Let it snow' -DestinationPath edited/snow -Force
$jobs | Get-QwenEditStatus
$jobs | Receive-QwenEditResult -Wait
