namespace Coord.Node.Storage;

/// <summary>
/// Deletes large files: their names at once, their bytes in steps. A file system that tells the disk which blocks are
/// free again (ext4 mounted with <c>discard</c>) does so within the deletion, and every flush on that disk, the log's
/// too, waits for it: 20 ms for one segment of 64 MiB. Files are added by any thread; the steps are one thread's.
/// </summary>
internal sealed class GradualDeletion(IFileSystem files) : IDisposable
{
    /// <summary>Given back in one step: some 0.3 ms of such a disk.</summary>
    public const int StepBytes = 1024 * 1024;

    private readonly Lock gate = new();

    // Guarded by the gate. Without a name, and so without a way back: each is shortened from its end until it is empty.
    private readonly Queue<IFile> nameless = new();
    private IFile? shortening;

    /// <summary>
    /// Deletes files of one directory, durably. Who still reads one finds it shortened later on.
    /// </summary>
    public void Delete(string directory, params IEnumerable<string> paths)
    {
        var opened = new List<IFile>();
        try
        {
            foreach (var path in paths)
            {
                if (TryOpen(path) is { } file)
                    opened.Add(file);
                files.Delete(path);
            }

            // Before the first byte goes: a crash may bring a name back, and then with all that belongs to it.
            files.FlushDirectory(directory);
        }
        catch
        {
            opened.ForEach(static file => file.Dispose());
            throw;
        }

        lock (gate)
            opened.ForEach(nameless.Enqueue);
    }

    /// <summary>One step; false when nothing is left to do.</summary>
    public bool RunOnce()
    {
        lock (gate)
        {
            if (shortening is null && !nameless.TryDequeue(out shortening))
                return false;
        }

        var left = Math.Max(0, shortening.Length - StepBytes);
        shortening.Shorten(left);
        if (left > 0)
            return true;
        shortening.Dispose();
        shortening = null;
        return true;
    }

    /// <summary>Behind the last step: what is left goes at once.</summary>
    public void Dispose()
    {
        shortening?.Dispose();
        lock (gate)
        {
            while (nameless.TryDequeue(out var file))
                file.Dispose();
        }
    }

    // What cannot be opened can be deleted all the same.
    private IFile? TryOpen(string path)
    {
        try
        {
            return files.Open(path, FileOpen.Existing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
