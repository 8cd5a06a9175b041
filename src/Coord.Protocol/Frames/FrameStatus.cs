namespace Coord.Protocol;

/// <summary>What the beginning of a connection's bytes holds.</summary>
public enum FrameStatus
{
    /// <summary>Not a whole frame yet.</summary>
    Incomplete = 0,

    /// <summary>A whole frame.</summary>
    Complete = 1,

    /// <summary>A frame over the limit: the connection has to be closed.</summary>
    TooLong = 2,

    /// <summary>A negative length: the connection has to be closed.</summary>
    Negative = 3,
}
