namespace Coord.Simulation.Runs;

/// <summary>
/// What happened, as a running hash and as the last lines of text. Equal seeds give equal hashes (raft-design T12).
/// </summary>
internal sealed class Trace
{
    private const int LinesKept = 400;
    private const ulong Prime = 1099511628211;

    private readonly Queue<string> _lines = new();
    private readonly TextWriter? _output;

    public Trace(TextWriter? output) => _output = output;

    public ulong Hash { get; private set; } = 14695981039346656037;

    public IReadOnlyCollection<string> LastLines => _lines;

    /// <summary>Mixes an event into the hash without a line of text.</summary>
    public void Mix(long time, int node, long what, long detail = 0)
    {
        Add((ulong)time);
        Add((ulong)node);
        Add((ulong)what);
        Add((ulong)detail);
    }

    /// <summary>Notes an event that a reader of a failure wants to see.</summary>
    public void Say(long time, string line)
    {
        Add((ulong)time);
        foreach (var c in line)
            Hash = (Hash ^ c) * Prime;

        var text = $"{time / 1_000_000.0,10:F6} {line}";
        _output?.WriteLine(text);
        _lines.Enqueue(text);
        if (_lines.Count > LinesKept)
            _lines.Dequeue();
    }

    private void Add(ulong value)
    {
        for (var shift = 0; shift < 64; shift += 16)
            Hash = (Hash ^ ((value >> shift) & 0xFFFF)) * Prime;
    }
}
