using System.IO.Compression;
using System.Text;

namespace Coord.Cli.Snapshots;

/// <summary>
/// Reads what a ZooKeeper snapshot says of kinds: file header, sessions, ACLs, then the znodes from the root down, each
/// with its path, and a checksum. All numbers are big-endian; as a file or as the AdminServer of 3.9 streams it. One of
/// Coord is known by its first bytes (<see cref="CoordSnapshot"/>).
/// </summary>
internal static class SnapshotReader
{
    private const int Magic = 0x5A4B_534E; // "ZKSN"
    private const int NewestVersion = 2;
    private const int BufferBytes = 1024 * 1024;
    private const int GzipMagic = 0x1F8B;
    private const int SnappyMagic = 0x8253;

    /// <exception cref="CommandException">The file cannot be read, or is no whole snapshot.</exception>
    public static ZnodeKinds Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return Read(stream);
        }
        catch (EndOfStreamException)
        {
            throw Wrong(file, "ends early: it was not written or copied to its end");
        }
        catch (InvalidDataException wrong)
        {
            throw Wrong(file, wrong.Message);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
            or NotSupportedException or ArgumentException)
        {
            throw Wrong(file, unreadable.Message);
        }
    }

    /// <summary>The same from a stream that can seek.</summary>
    /// <exception cref="InvalidDataException">It is no snapshot, or a damaged one.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public static ZnodeKinds Read(Stream stream)
    {
        var first = (stream.ReadByte() << 8) | stream.ReadByte();
        stream.Position = 0;
        if (first == SnappyMagic)
            throw new InvalidDataException("is compressed with snappy: have it written with "
                + "zookeeper.snapshot.compression.method gz, or without");
        using Stream plain = first == GzipMagic ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var buffered = new BufferedStream(plain, BufferBytes);
        var jute = new JuteStream(buffered);
        return jute.Int() switch
        {
            Magic => ReadRest(jute),
            CoordSnapshot.Beginning => new CoordSnapshot(buffered).Read(),
            _ => throw new InvalidDataException("is no snapshot of ZooKeeper or Coord"),
        };
    }

    private static ZnodeKinds ReadRest(JuteStream jute)
    {
        var version = jute.Int();
        if (version > NewestVersion)
            throw new InvalidDataException($"has format version {version}, and only {NewestVersion} is known");
        jute.Skip(sizeof(long)); // The database's id.

        var sessions = jute.Int();
        for (var i = 0; i < sessions; i++)
            jute.Skip(sizeof(long) + sizeof(int)); // Id and timeout.
        SkipAcls(jute);
        return ReadZnodes(jute);
    }

    private static void SkipAcls(JuteStream jute)
    {
        var lists = jute.Int();
        for (var i = 0; i < lists; i++)
        {
            jute.Skip(sizeof(long)); // Its number.
            var entries = jute.Int();
            for (var j = 0; j < entries; j++)
            {
                jute.Skip(sizeof(int)); // Permissions, scheme, id.
                jute.SkipBuffer();
                jute.SkipBuffer();
            }
        }
    }

    // The root's path is empty here; "/" ends the list.
    private static ZnodeKinds ReadZnodes(JuteStream jute)
    {
        var kinds = new ZnodeKinds();
        while (true)
        {
            var path = Encoding.UTF8.GetString(jute.Buffer());
            if (path == "/")
                break;
            jute.SkipBuffer(); // Data.
            jute.Skip(sizeof(long)); // Number of the ACL.
            var czxid = jute.Long();
            jute.Skip((3 * sizeof(long)) + (3 * sizeof(int))); // mzxid, ctime, mtime, and three versions.
            kinds.Note(path, jute.Long(), czxid);
            jute.Skip(sizeof(long)); // pzxid
        }

        var expected = jute.Checksum;
        return jute.Long() == expected
            ? kinds
            : throw new InvalidDataException("is damaged: its checksum differs");
    }

    private static CommandException Wrong(string file, string what) =>
        new(ExitCodes.WrongUse, $"--snapshot {file} {what}");
}
