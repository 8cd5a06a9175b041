using Coord.Node.Storage;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>Entries are read for peers and for applying while the log writer goes on (raft-design R12, P22).</summary>
public class LogReadingTests
{
    private long _sequence;

    // Danger: the reader has read ahead where the next batch is written meanwhile, and takes what it saw for damage.
    [Fact]
    public void What_is_appended_while_entries_are_read_is_left_for_the_next_reading()
    {
        var files = new FilesReadBehind(new SimulatedDisk(seed: 1));
        using var directory = DataDirectory.Open(
            files, LogRig.DataPath, 1, LogRig.SmallLimits with { LogReadBytes = 8 * 1024 }, 77, TimeProvider.System);
        directory.SetGenesis(99, [TestMember.Of(1, 77)]);
        using var writer = new LogWriter(
            files, directory.RecoverLog(), directory.Watermark, LogRig.SmallLimits, TimeProvider.System,
            new RecordingObserver());
        for (var index = 1; index <= 3; index++)
            Append(writer, index, term: 1);

        files.AfterRead = () => Append(writer, 4, term: 1);
        Assert.Equal("1:1 2:1 3:1", Read(writer));
        Assert.Equal("1:1 2:1 3:1 4:1", Read(writer));

        // As large as a segment, nearly: each is read by itself, and what replaces one is seen in between.
        for (var index = 5; index <= 7; index++)
            Append(writer, index, term: 1, payloadBytes: 7 * 1024);

        files.AfterRead = () => Append(writer, 7, term: 2);
        Assert.Equal("1:1 2:1 3:1 4:1", Read(writer));
        Assert.Equal("1:1 2:1 3:1 4:1 5:1 6:1 7:2", Read(writer));
    }

    // Danger: a segment that a snapshot made superfluous becomes shorter under the reader's hand, and the node believes
    // that it is damaged.
    [Fact]
    public void What_is_compacted_while_it_is_read_counts_as_compacted()
    {
        var files = new FilesReadBehind(new SimulatedDisk(seed: 1));
        using var directory = DataDirectory.Open(
            files, LogRig.DataPath, 1, LogRig.SmallLimits, 77, TimeProvider.System);
        directory.SetGenesis(99, [TestMember.Of(1, 77)]);
        using var writer = new LogWriter(
            files, directory.RecoverLog(), directory.Watermark, LogRig.SmallLimits, TimeProvider.System,
            new RecordingObserver());
        for (var index = 1; index <= 12; index++)
            Append(writer, index, term: 1, payloadBytes: 3 * 1024);

        files.AfterRead = () =>
        {
            writer.Compact(new LogIndex(12));
            while (writer.RunBackgroundStep())
            {
                // Down to the last step.
            }
        };
        Assert.Null(writer.ReadEntries(new LogIndex(1), 100_000));
        Assert.Equal([12], writer.ReadEntries(new LogIndex(12), 100_000)!.Select(entry => entry.Index.Value));
    }

    private void Append(LogWriter writer, int index, int term, int payloadBytes = 40)
    {
        writer.Enqueue(Appends.Many(++_sequence, index, count: 1, term, payloadBytes));
        Assert.True(writer.RunOnce());
    }

    private static string Read(LogWriter writer) => string.Join(
        ' ', writer.ReadEntries(new LogIndex(1), 100_000)!.Select(entry => $"{entry.Index.Value}:{entry.Term.Value}"));

    /// <summary>A disk on which something happens right behind the next read.</summary>
    private sealed class FilesReadBehind(SimulatedDisk disk) : IFileSystem
    {
        public Action? AfterRead { get; set; }

        public IFile Open(string path, FileOpen mode) => new FileReadBehind(this, disk.Open(path, mode));

        public void Rename(string from, string to) => disk.Rename(from, to);

        public void Delete(string path) => disk.Delete(path);

        public bool Exists(string path) => disk.Exists(path);

        public IReadOnlyList<string> List(string directory) => disk.List(directory);

        public void CreateDirectory(string directory) => disk.CreateDirectory(directory);

        public void FlushDirectory(string directory) => disk.FlushDirectory(directory);

        public IDisposable Lock(string path) => disk.Lock(path);

        public long FreeBytes(string path) => disk.FreeBytes(path);

        private sealed class FileReadBehind(FilesReadBehind files, IFile file) : IFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> bytes)
            {
                var count = file.Read(offset, bytes);
                var then = files.AfterRead;
                files.AfterRead = null;
                then?.Invoke();
                return count;
            }

            public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

            public void Shorten(long length) => file.Shorten(length);

            public void DropCache() => file.DropCache();

            public void FlushData() => file.FlushData();

            public void Dispose() => file.Dispose();
        }
    }
}
