using System.Buffers;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>An error code, or a body written by the operation.</summary>
internal sealed class ScriptedReply(ErrorCode error)
{
    public static ScriptedReply Empty { get; } = new(ErrorCode.Ok);

    public ErrorCode Error { get; } = error;

    public ArrayBufferWriter<byte> Body { get; } = new();
}
