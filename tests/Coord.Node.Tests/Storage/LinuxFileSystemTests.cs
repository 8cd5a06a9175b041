using Coord.Node.Storage;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Storage;

/// <summary>The storage on the real disk: what the simulated one cannot show.</summary>
public sealed class LinuxFileSystemTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("coord-storage-").FullName;
    private readonly LinuxFileSystem _files = new();

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void A_log_written_on_the_real_disk_is_read_back()
    {
        var limits = NodeLimits.Default with { SegmentBytes = 256 * 1024, FirstSegmentBytes = 64 * 1024 };
        long firstStart;
        using (var directory = DataDirectory.Open(_files, _path, 1, limits, 7, TimeProvider.System))
        {
            firstStart = directory.StartNumber;
            directory.SetGenesis(9, [TestMember.Of(1, 7)]);
            var recovered = directory.RecoverLog();
            var observer = new RecordingObserver();
            using var writer =
                new LogWriter(_files, recovered, directory.Watermark, limits, TimeProvider.System, observer);
            using (var threads = new LogThreads(writer, e => Assert.Fail(e.ToString())))
            {
                threads.Start();
                for (var i = 1; i <= 5_000; i++)
                    writer.Enqueue(Appends.One(i, term: 1, payloadBytes: 100));
            }

            Assert.Equal(5_000, observer.LastPersisted);
        }

        using (var directory = DataDirectory.Open(_files, _path, 1, limits, 8, TimeProvider.System))
        {
            Assert.Equal(firstStart + 1, directory.StartNumber);
            var recovered = directory.RecoverLog();
            Assert.Equal(new LogIndex(5_000), recovered.LastIndex);
            var entries = recovered.ReadRecentEntries(long.MaxValue);
            Assert.Equal(5_000, entries.Count);
            foreach (var entry in entries)
                Assert.True(Appends.IsAsMade(entry));

            // What a snapshot stands for is not read.
            var newest = recovered.ReadRecentEntries(long.MaxValue, new LogIndex(3_000));
            Assert.Equal(entries.Skip(2_999).Select(entry => entry.Index), newest.Select(entry => entry.Index));
            Assert.Empty(recovered.ReadRecentEntries(long.MaxValue, new LogIndex(5_001)));
        }
    }

    [Fact]
    public void A_data_directory_in_use_is_refused()
    {
        using var held = DataDirectory.Open(_files, _path, 1, NodeLimits.Default, 7, TimeProvider.System);
        Assert.Throws<DataUnusableException>(
            () => DataDirectory.Open(_files, _path, 1, NodeLimits.Default, 7, TimeProvider.System));
    }

    [Fact]
    public void A_missing_directory_cannot_be_flushed() =>
        Assert.Throws<IOException>(() => _files.FlushDirectory(Path.Combine(_path, "missing")));
}
