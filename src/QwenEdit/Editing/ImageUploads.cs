using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Puts the images of edits into the service's storage before they are submitted.</summary>
internal sealed class ImageUploads(StorageClient client, EditJournal journal, IEditLog log)
{
    /// <summary>The address of an edit's image, which is uploaded unless it was before.</summary>
    /// <exception cref="QwenEditException">As of <see cref="StorageClient.UploadAsync"/>: the edit is not submitted.</exception>
    internal async Task<Uri> PutAsync(EditEntry entry, ImagePayload image, Deadline deadline, CancellationToken cancellationToken)
    {
        // An address with which it was refused or failed may be the reason.
        if (entry.ImageUrl is { } known && entry.State is not (EditState.Failed or EditState.Rejected))
        {
            return new Uri(known);
        }

        Uri url = await client.UploadAsync(image, deadline, cancellationToken).ConfigureAwait(false);
        log.Note(() => journal.Uploaded(entry, url.AbsoluteUri), $"The upload of {entry.Source} to {url}");
        log.Verbose($"{entry.Source} is uploaded: {url}", new EditEvent("edit.uploaded") { EditId = entry.Id, Source = entry.Source, Bytes = image.Length });
        return url;
    }
}
