using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>Tells whether a request's record can be decoded, without keeping anything of it.</summary>
internal static class RequestDecoding
{
    /// <param name="op">An opcode of section 2.1 that carries a record.</param>
    /// <param name="record">
    /// The bytes behind the request's header; surplus bytes are ignored, as ZooKeeper does.
    /// </param>
    public static bool IsDecodable(OpCode op, ReadOnlySpan<byte> record)
    {
        var reader = new JuteReader(record);
        return op switch
        {
            OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2
                => IsPathWatch(ref reader),
            OpCode.GetAcl or OpCode.GetAllChildrenNumber
                => !IsPathNull(reader) && PathRequest.TryRead(ref reader, out _),
            OpCode.Sync or OpCode.GetEphemerals => PathRequest.TryRead(ref reader, out _),
            OpCode.Reconfig => ReconfigRequest.TryRead(ref reader, out _),
            OpCode.SetWatches => SetWatchesRequest.TryRead(ref reader, out _),
            OpCode.SetWatches2 => SetWatches2Request.TryRead(ref reader, out _),
            OpCode.WatchFrom => WatchFromRequest.TryRead(ref reader, out _),
            OpCode.AddWatch => AddWatchRequest.TryRead(ref reader, out _),
            OpCode.CheckWatches or OpCode.RemoveWatches => WatcherTypeRequest.TryRead(ref reader, out _),
            OpCode.Multi => IsMulti(ref reader),
            OpCode.MultiRead => IsMultiRead(ref reader),
            OpCode.Once => IsOnce(ref reader),
            OpCode.RaiseChildCounter => ChildCounterRequest.TryRead(ref reader, out _),
            OpCode.CounterAdd => CounterAddRequest.TryRead(ref reader, out _),
            OpCode.CreateRank => CreateRankRequest.TryRead(ref reader, out _),
            _ => IsWrite(op, ref reader),
        };
    }

    // The empty path is the root's, null is no path: ZooKeeper runs into it and says -5 (protocol 2.3).
    private static bool IsPathNull(JuteReader copy) => copy.TryReadBuffer(out _, out var isNull) && isNull;

    private static bool IsPathWatch(ref JuteReader reader) =>
        !IsPathNull(reader) && PathWatchRequest.TryRead(ref reader, out _);

    private static bool IsWrite(OpCode op, ref JuteReader reader) => op switch
    {
        OpCode.SetData => SetDataRequest.TryRead(ref reader, out _),
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer => CreateRequest.TryRead(ref reader, out _),
        OpCode.CreateTtl => CreateRequest.TryReadTtl(ref reader, out _),
        OpCode.Delete => DeleteRequest.TryRead(ref reader, out _),
        OpCode.SetAcl => SetAclRequest.TryRead(ref reader, out _),
        OpCode.Check or OpCode.CheckChildren => CheckVersionRequest.TryRead(ref reader, out _),
        OpCode.CheckAbsent => PathRequest.TryRead(ref reader, out _),
        _ => false,
    };

    /// <summary>A write or a multi behind its number (docs/internals/extensions.md).</summary>
    private static bool IsOnce(ref JuteReader reader)
    {
        if (!OnceRequest.TryRead(ref reader, out var once))
            return false;
        var request = new JuteReader(once.Request);
        return request.TryReadInt32(out var op) && (OpCode)op switch
        {
            OpCode.Multi => IsMulti(ref request),
            OpCode.CounterAdd => CounterAddRequest.TryRead(ref request, out _),
            // Only in a multi (protocol 2.1).
            OpCode.Check or OpCode.CheckAbsent or OpCode.CheckChildren => false,
            var write => IsWrite(write, ref request),
        };
    }

    /// <summary>Sub-requests with a header each, up to the header that ends them (protocol 2.4).</summary>
    private static bool IsMulti(ref JuteReader reader)
    {
        while (MultiHeader.TryRead(ref reader, out var header))
        {
            if (header.IsLast)
                return true;
            if (header.Type == OpCode.SetAcl || !IsWrite(header.Type, ref reader))
                return false;
        }

        return false;
    }

    /// <summary>The same with reads of data and children only (protocol 2.5).</summary>
    private static bool IsMultiRead(ref JuteReader reader)
    {
        while (MultiHeader.TryRead(ref reader, out var header))
        {
            if (header.IsLast)
                return true;
            if (header.Type is not (OpCode.GetData or OpCode.GetChildren) || !IsPathWatch(ref reader))
                return false;
        }

        return false;
    }
}
