namespace Coord.Client.Testing;

/// <summary>What becomes of a request.</summary>
internal enum FaultKind
{
    /// <summary>It is carried out, and its connection cut instead of a reply.</summary>
    DropReply,

    /// <summary>Its connection is cut, and it is not carried out.</summary>
    DropRequest,

    /// <summary>Its connection is cut, and it stays on its way.</summary>
    HoldBack,

    /// <summary>It is carried out, and nothing passes on its connection from then on.</summary>
    SwallowReply,

    /// <summary>It is answered with an error.</summary>
    Refuse,

    /// <summary>It arrives later.</summary>
    Delay,
}
