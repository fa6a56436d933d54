namespace QwenEdit.Engine;

/// <summary>How an edit ended: its result, and the error if it did not end in an image.</summary>
internal sealed record EndedEdit(EditResult Result, QwenEditException? Error);
