# Invoke-ScriptAnalyzer . -Recurse and Visual Studio Code read this file.
@{
    ExcludeRules = @(
        # Pester runs a file's blocks in scopes of its own. A variable that BeforeAll sets for the tests looks unused to this rule.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Functions of the tests start shells and create files. They support no -WhatIf, because nobody types them at a prompt.
        'PSUseShouldProcessForStateChangingFunctions'
    )
}
