using BenchmarkDotNet.Attributes;

namespace Coord.Benchmarks;

/// <summary>Propose, append, acknowledge, commit and apply on three nodes; times are for each entry.</summary>
public class RaftBenchmarks
{
    private const int Batch = 512; // 16 sessions with 32 requests in flight each.

    private readonly RaftTrio _trio = new();
    private readonly ReadOnlyMemory<byte>[] _one = [new byte[200]];
    private readonly ReadOnlyMemory<byte>[] _batch =
        [.. Enumerable.Range(0, Batch).Select(_ => new ReadOnlyMemory<byte>(new byte[200]))];

    [Benchmark]
    public long OneEntry() => _trio.Commit(_one);

    [Benchmark(OperationsPerInvoke = Batch)]
    public long BatchOfEntries() => _trio.Commit(_batch);
}
