namespace Coord.StateMachine;

/// <summary>
/// What a session's latest numbered writes were answered with, by ascending number (raft-design I10). Bounded: by what
/// the client has acknowledged, by count and by bytes; the oldest are forgotten first.
/// </summary>
internal sealed class RememberedResults
{
    /// <summary>How many are remembered at most.</summary>
    public const int CountMax = 64;

    /// <summary>Bytes of reply bodies that are remembered at most; the last one always is.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly Queue<RememberedResult> _results = [];
    private int _bytes;

    /// <summary>The highest number that ran; 0 before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>The result of a number that ran, if it is still remembered.</summary>
    public bool TryFind(long operation, out RememberedResult found)
    {
        foreach (var result in _results)
        {
            if (result.Operation != operation)
                continue;
            found = result;
            return true;
        }

        found = default;
        return false;
    }

    /// <summary>The client has these replies: nobody will ask for them again.</summary>
    public void Forget(long acknowledged)
    {
        while (_results.TryPeek(out var oldest) && oldest.Operation <= acknowledged)
            DropOldest();
    }

    public void Add(in RememberedResult result)
    {
        Invariant.Require(result.Operation > Highest, "Numbered writes run in the order of their numbers.");
        Highest = result.Operation;
        _results.Enqueue(result);
        _bytes += result.Body.Length;
        while (_results.Count > CountMax || (_bytes > BytesMax && _results.Count > 1))
            DropOldest();
    }

    /// <summary>Sets what a snapshot says, which had the same bounds.</summary>
    /// <returns>False: no session remembers such a thing.</returns>
    public bool TryRestore(long highest, ReadOnlySpan<RememberedResult> results)
    {
        foreach (ref readonly var result in results)
        {
            if (result.Operation <= Highest)
                return false;
            Add(result);
        }

        if (highest < Highest || _results.Count != results.Length)
            return false;
        Highest = highest;
        return true;
    }

    /// <summary>A copy for a snapshot; the bodies are shared, nobody writes to them.</summary>
    public RememberedResult[] ToArray() => [.. _results];

    private void DropOldest() => _bytes -= _results.Dequeue().Body.Length;
}
