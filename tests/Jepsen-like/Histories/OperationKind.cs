namespace Coord.JepsenLike.Histories;

/// <summary>What a client asked for.</summary>
internal enum OperationKind
{
    /// <summary>sync and getData in one flight: a linearizable read.</summary>
    Read,

    /// <summary>getData alone: the state of one node, at the zxid that the reply names.</summary>
    LocalRead,

    /// <summary>setData without a condition.</summary>
    Set,

    /// <summary>setData with the version that must be there.</summary>
    CompareAndSet,
}
