using Coord.Protocol;

namespace Coord.Client;

/// <summary>An operation of a multi failed, so none of them was carried out.</summary>
public sealed class MultiFailedException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="index">Zero-based position of the first failing operation.</param>
    /// <param name="operation">Its kind.</param>
    /// <param name="code">Its error code.</param>
    /// <param name="path">Its path, without chroot.</param>
    public MultiFailedException(int index, OpCode operation, ErrorCode code, string? path)
        : base($"Operation {index} of the multi ({operation} {path}) failed: {code}.", code, path)
    {
        Index = index;
        Operation = operation;
    }

    /// <summary>Zero-based position of the first operation that failed.</summary>
    public int Index { get; }

    /// <summary>Kind of the operation that failed.</summary>
    public OpCode Operation { get; }
}
