namespace Coord.Client;

/// <summary>What a reply answered, as far as proofs of life care.</summary>
internal enum ReplyKind
{
    /// <summary>A read, or anything else that one server can answer alone.</summary>
    Read,

    /// <summary>A ping.</summary>
    Ping,

    /// <summary>A sync.</summary>
    Sync,

    /// <summary>A write, successful or not: it went through the quorum.</summary>
    Write,
}
