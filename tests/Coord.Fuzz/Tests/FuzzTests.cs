using Coord.Fuzz.Runs;
using Coord.Fuzz.Targets;

namespace Coord.Fuzz.Tests;

/// <summary>Cases that every build runs; <c>run --cases N</c> runs as many as one likes.</summary>
public class FuzzTests
{
    public static TheoryData<string, int> Targets => new()
    {
        { "peer", 1_000_000 },
        { "hello", 400_000 },
        { "segments", 12_000 },
        { "snapshots", 30_000 },
        { "clients", 1_500 },
    };

    // raft-design I1, P21, S1: whatever the bytes are, a decoder refuses them or gives what was written.
    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutated_bytes_are_refused_or_read_as_they_were_written(string name, int cases)
    {
        var target = FuzzTargets.All().Single(t => t.Name == name);
        for (var seed = 1UL; seed <= (ulong)cases; seed++)
        {
            if (FuzzRun.Case(target, seed) is { } failure)
                Assert.Fail($"{name}, seed {seed}: {failure}");
        }
    }
}
