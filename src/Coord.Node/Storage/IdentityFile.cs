namespace Coord.Node.Storage;

/// <summary>
/// The identity in two copies, each replaced by rename: one damaged file, or a crash between the two, costs nothing.
/// </summary>
internal sealed class IdentityFile
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly string[] _paths;

    public IdentityFile(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
        _paths = [Path.Combine(directory, "identity"), Path.Combine(directory, "identity.copy")];
    }

    /// <summary>
    /// The identity, with both copies made equal again if they differed; null when the directory has none.
    /// </summary>
    /// <exception cref="DataUnusableException">
    /// There are files, and none can be read; or a newer version wrote them.
    /// </exception>
    public NodeIdentity? Read()
    {
        var copies = _paths.Select(ReadCopy).ToArray();
        var newest = copies.Where(c => c is not null).MaxBy(c => c!.Version);
        if (newest is null)
        {
            return _paths.Any(_files.Exists)
                ? throw new DataUnusableException(
                    _paths[0], "corruption: neither copy of the node's identity can be read")
                : null;
        }

        foreach (var copy in copies)
        {
            if (copy is not null && (copy.Node, copy.Incarnation) != (newest.Node, newest.Incarnation))
                throw new DataUnusableException(_paths[1], "the two copies of the identity are of different nodes");
        }

        if (copies.Any(copy => !newest.Equals(copy)))
            Write(newest);

        return newest;
    }

    /// <summary>Writes both copies; durable when it returns.</summary>
    public void Write(NodeIdentity identity)
    {
        var bytes = identity.Encode();
        foreach (var path in _paths)
        {
            var temporary = path + SegmentFiles.TemporaryExtension;
            using (var file = _files.Open(temporary, FileOpen.Create))
            {
                file.Write(0, bytes);
                file.FlushData();
            }

            _files.Rename(temporary, path);
            _files.FlushDirectory(_directory);
        }
    }

    private NodeIdentity? ReadCopy(string path)
    {
        if (!_files.Exists(path))
            return null;

        using var file = _files.Open(path, FileOpen.Read);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        if (NodeIdentity.FormatOf(bytes) is { } format && format > NodeIdentity.Format)
        {
            // raft-design I7: what a newer version wrote is neither damaged nor to be guessed at.
            throw new DataUnusableException(
                path, $"the identity has format {format}, and this version reads {NodeIdentity.Format}: "
                + "start the version that wrote it, or a newer one");
        }

        return NodeIdentity.Decode(bytes);
    }
}
