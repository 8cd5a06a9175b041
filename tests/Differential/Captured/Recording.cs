using Coord.Differential.Wire;

namespace Coord.Differential.Captured;

/// <summary>Speaks a script to a server and takes down every frame.</summary>
internal sealed class Recording(int port) : IDisposable
{
    public const int SessionTimeoutMs = 50_000;

    private readonly List<Party> _parties = [];

    /// <summary>All that was said so far.</summary>
    public List<Exchange> Exchanges { get; } = [];

    /// <summary>A new connection, and what its handshake is answered; null closes it without a word.</summary>
    public Party Connect(string name, Hello? hello = null)
    {
        var party = new Party(this, port, _parties.Count + 1);
        _parties.Add(party);
        party.Greet(name, hello ?? new Hello());
        return party;
    }

    public void Dispose()
    {
        foreach (var party in _parties)
            party.Dispose();
    }
}

/// <summary>What a handshake says; by default, that of a new session.</summary>
internal sealed record Hello
{
    /// <summary>Whose session is asked for again; 0 for a new one.</summary>
    public long Session { get; init; }

    public byte[] Password { get; init; } = new byte[16];

    public long LastZxid { get; init; }

    public int TimeoutMs { get; init; } = Recording.SessionTimeoutMs;

    /// <summary>Null leaves the field out, as old clients do.</summary>
    public bool? ReadOnly { get; init; } = false;

    public byte[] Encode()
    {
        var frame = new FrameWriter("");
        frame.Int(0);
        frame.Long(LastZxid);
        frame.Int(TimeoutMs);
        frame.Long(Session);
        frame.Buffer(Password);
        if (ReadOnly is { } isReadOnly)
            frame.Bool(isReadOnly);
        return frame.Complete();
    }
}
