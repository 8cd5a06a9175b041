using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Coord.Protocol;

namespace Coord.Benchmarks;

/// <summary>Applying entries and reading, in a tree with 100,000 znodes below one parent.</summary>
public class TreeBenchmarks
{
    private const int Znodes = 100_000;
    private const int Chosen = 1_024; // Paths in use, so that not everything is in the processor's caches.

    private readonly TreeFeed _feed = new();
    private readonly byte[][] _sets = new byte[Chosen][];
    private readonly byte[][] _paths = new byte[Chosen][];
    private readonly ArrayBufferWriter<byte> _output = new(4 * 1024 * 1024);
    private byte[] _create = [];
    private byte[] _delete = [];
    private int _next;

    [GlobalSetup]
    public void Fill()
    {
        _feed.Fill("/services", Znodes);
        for (var i = 0; i < Chosen; i++)
        {
            var path = $"/services/n{i * (Znodes / Chosen):d9}";
            _sets[i] = _feed.Entry(Requests.Set(path));
            _paths[i] = Encoding.UTF8.GetBytes(path);
        }

        _create = _feed.Entry(Requests.Create("/services/n-created"));
        _delete = _feed.Entry(Requests.Delete("/services/n-created"));
    }

    [Benchmark]
    public ErrorCode Set() => _feed.Apply(_sets[Choose()]);

    [Benchmark]
    public ErrorCode CreateAndDelete()
    {
        var error = _feed.Apply(_create);
        return error == ErrorCode.Ok ? _feed.Apply(_delete) : error;
    }

    [Benchmark]
    public ErrorCode Get() => _feed.Tree.TryGetData(_paths[Choose()], out _, out _, out _);

    [Benchmark]
    public ErrorCode ListChildren()
    {
        var error = _feed.Tree.TryGetChildren("/services"u8, out var children, out _);
        _output.ResetWrittenCount();
        var writer = new JuteWriter(_output);
        children.Write(ref writer);
        writer.Complete();
        return error;
    }

    [Benchmark]
    public ulong HashAll() => _feed.Tree.ContentHash();

    private int Choose() => _next = (_next + 1) % Chosen;
}
