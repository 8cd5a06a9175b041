using System.Buffers;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Several reads in one request, of one state of the tree; each succeeds or fails by itself, and none sets a watch
/// (protocol 2.5).
/// </summary>
internal static class MultiReads
{
    /// <param name="tree">What is read.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="reader">At the first read; all of them are decodable.</param>
    /// <param name="results">Receives the reply's body.</param>
    /// <param name="mostBytes">The reply's limit.</param>
    /// <returns>False: the reply would be longer than its limit.</returns>
    public static bool TryRun(
        ZnodeTree tree, scoped in Caller caller, scoped ref JuteReader reader, ArrayBufferWriter<byte> results,
        int mostBytes)
    {
        var writer = new JuteWriter(results);
        long length = MultiHeader.EncodedLength;
        while (MultiHeader.TryRead(ref reader, out var header) && !header.IsLast)
        {
            PathWatchRequest.TryRead(ref reader, out var read);
            ReadOnlySpan<byte> data = default;
            var isNull = false;
            ChildList children = default;
            Stat stat = default;
            var error = header.Type == OpCode.GetData
                ? tree.TryGetData(read.Path, caller, out data, out isNull, out stat)
                : tree.TryGetChildren(read.Path, caller, out children, out _);
            var reply = new GetDataResponse { Data = data, IsDataNull = isNull, Stat = stat };
            length += MultiHeader.EncodedLength + (error != ErrorCode.Ok ? sizeof(int)
                : header.Type == OpCode.GetData ? reply.EncodedLength : children.EncodedLength);
            if (length > mostBytes)
                return false;

            new MultiHeader(error == ErrorCode.Ok ? header.Type : OpCode.Error, IsLast: false, error).Write(ref writer);
            if (error != ErrorCode.Ok)
                writer.WriteInt32((int)error);
            else if (header.Type == OpCode.GetData)
                reply.Write(ref writer);
            else
                children.Write(ref writer);
        }

        MultiHeader.End.Write(ref writer);
        writer.Complete();
        return true;
    }
}
