using Coord.Protocol;

namespace Coord.Client;

/// <summary>A recipe found bytes that are not its format. It wrote nothing and the value is untouched.</summary>
public sealed class ZnodeFormatException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The znode, without chroot.</param>
    /// <param name="reason">What is wrong with its bytes.</param>
    public ZnodeFormatException(string path, string reason)
        : base($"The bytes of {path} are not what the recipe writes: {reason}.", ErrorCode.RuntimeInconsistency, path)
    {
    }
}
