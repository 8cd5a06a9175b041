namespace Coord.Node.Storage;

/// <summary>
/// The file operations that storage is built from: few enough for a simulated disk to model what each of them
/// promises. Every failure is an <see cref="IOException"/>; a full disk is a <see cref="StorageFullException"/>.
/// </summary>
internal interface IFileSystem
{
    /// <summary>Opens a file for positional reads and, unless <paramref name="mode"/> is Read, writes.</summary>
    IFile Open(string path, FileOpen mode);

    /// <summary>Renames within one directory, replacing what is there. Durable after a directory flush.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file that exists. Durable after a directory flush.</summary>
    void Delete(string path);

    bool Exists(string path);

    /// <summary>The names (without folder) of the files in a directory, in no particular order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Creates a directory and those above it, if missing.</summary>
    void CreateDirectory(string directory);

    /// <summary>Makes creations, renames and deletions in the directory durable (raft-design P5).</summary>
    void FlushDirectory(string directory);

    /// <summary>Takes an exclusive lock for the life of the returned object, or throws (raft-design P7).</summary>
    IDisposable Lock(string path);

    /// <summary>Free bytes of the file system that holds the path.</summary>
    long FreeBytes(string path);
}
