using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>One step of a sequence; its client is that of one slot.</summary>
internal abstract record Step(int Slot);

/// <summary>A request, and its reply.</summary>
internal sealed record Ask(int Slot, Request Request) : Step(Slot)
{
    public override string ToString() => $"{Slot}: {Request}";
}

/// <summary>Several requests in one piece, before any of their replies is read.</summary>
internal sealed record AskAll(int Slot, IReadOnlyList<Request> Requests) : Step(Slot)
{
    public override string ToString() => $"{Slot}: at once {string.Join("; ", Requests)}";
}

/// <summary>checkWatches, and removeWatches for the same, which has to find what the former found.</summary>
internal sealed record CheckAndRemove(int Slot, WirePath Path, int Type) : Step(Slot)
{
    public override string ToString() => $"{Slot}: check and remove watches {Path} type {Type}";
}

/// <summary>Bytes that are no request: the server closes the connection.</summary>
internal sealed record SendBytes(int Slot, string What, byte[] Bytes) : Step(Slot)
{
    public override string ToString() => $"{Slot}: send {What}";
}

/// <summary>The connection breaks; the session stays, and comes back with the slot's next step.</summary>
internal sealed record Cut(int Slot) : Step(Slot)
{
    public override string ToString() => $"{Slot}: cut";
}

/// <summary>closeSession; the slot's next step has a new session.</summary>
internal sealed record Leave(int Slot) : Step(Slot)
{
    public override string ToString() => $"{Slot}: close";
}

/// <summary>The connection breaks, and its client greets again, in its own way first.</summary>
internal sealed record Return(int Slot, Greeting Greeting) : Step(Slot)
{
    public override string ToString() => $"{Slot}: return {Greeting}";
}

/// <summary>The connection breaks and stays broken until the session has expired.</summary>
internal sealed record Expire(int Slot) : Step(Slot)
{
    public override string ToString() => $"{Slot}: expire";
}

/// <summary>A container that had a child, or a TTL node whose time is over, is swept by the server.</summary>
internal sealed record Sweep(int Slot, string Path, bool IsTtl) : Step(Slot)
{
    public override string ToString() => $"{Slot}: sweep {(IsTtl ? "ttl" : "container")} ~{Path}";
}

/// <summary>Ways of coming back.</summary>
internal enum Greeting
{
    /// <summary>As clients do.</summary>
    Right,

    /// <summary>Without the readOnly field, as Go's and Node's clients do.</summary>
    Short,

    /// <summary>While the old connection is open.</summary>
    Takeover,

    WrongPassword,

    ShortPassword,

    UnknownSession,

    /// <summary>Having seen a zxid that no server has reached.</summary>
    Ahead,
}
