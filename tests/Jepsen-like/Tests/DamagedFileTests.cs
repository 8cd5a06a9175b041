using Coord.JepsenLike.Faults.Disks;

namespace Coord.JepsenLike.Tests;

/// <summary>Damage hits what was written, one byte of it, and not the zeros that wait to be written.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int FileBytes = 8192;
    private const int WrittenBytes = 100;
    private const int Rounds = 200;

    private readonly string data = Directory.CreateTempSubdirectory("coord-jepsen-damage-").FullName;

    [Fact]
    public void One_byte_that_was_written_differs()
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(data, "log")).FullName, "1.seg");
        var whole = new byte[FileBytes];
        whole.AsSpan(0, WrittenBytes).Fill(7);
        for (var seed = 0; seed < Rounds; seed++)
        {
            File.WriteAllBytes(path, whole);
            Assert.NotNull(DamagedFile.FlipInSnapshot(data, new Random(seed)));
            var damaged = File.ReadAllBytes(path);
            var different = Enumerable.Range(0, FileBytes).Where(at => damaged[at] != whole[at]);
            Assert.InRange(Assert.Single(different), 0, WrittenBytes - 1);
        }
    }

    [Fact]
    public void A_node_without_a_log_is_not_damaged() => Assert.Null(DamagedFile.FlipInLog(data, new Random(1)));

    public void Dispose() => Directory.Delete(data, recursive: true);
}
