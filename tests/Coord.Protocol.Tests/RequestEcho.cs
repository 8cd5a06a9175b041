namespace Coord.Protocol.Tests;

/// <summary>Reads the record of a request and writes it again.</summary>
internal static class RequestEcho
{
    public static bool TryEcho(OpCode op, scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        switch (op)
        {
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer:
                return TryCreate(ref reader, ref writer);
            case OpCode.CreateTtl:
                return TryCreateTtl(ref reader, ref writer);
            case OpCode.Delete:
                return TryDelete(ref reader, ref writer);
            // A path and a number: a version, the mode of a watch, or the kind of watches.
            case OpCode.Check or OpCode.CheckChildren or OpCode.AddWatch or OpCode.RemoveWatches or OpCode.CheckWatches:
                return TryPathAndNumber(ref reader, ref writer);
            case OpCode.SetData:
                return TrySetData(ref reader, ref writer);
            case OpCode.SetAcl:
                return TrySetAcl(ref reader, ref writer);
            case OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2:
                return TryPathAndWatch(ref reader, ref writer);
            case OpCode.Sync or OpCode.GetAcl or OpCode.GetEphemerals or OpCode.GetAllChildrenNumber
                or OpCode.CheckAbsent:
                return TryPath(ref reader, ref writer);
            case OpCode.Multi or OpCode.MultiRead:
                return TryMulti(ref reader, ref writer);
            case OpCode.Reconfig:
                return TryReconfig(ref reader, ref writer);
            case OpCode.Auth:
                return TryAuth(ref reader, ref writer);
            case OpCode.SetWatches:
                return TrySetWatches(ref reader, ref writer);
            case OpCode.SetWatches2:
                return TrySetWatches(ref reader, ref writer) && TryVector(ref reader, ref writer)
                    && TryVector(ref reader, ref writer);
            case OpCode.Once:
                return TryOnce(ref reader, ref writer);
            case OpCode.RaiseChildCounter:
                return TryChildCounter(ref reader, ref writer);
            case OpCode.CreateRank:
                return TryCreateRank(ref reader, ref writer);
            case OpCode.CounterAdd:
                return TryCounterAdd(ref reader, ref writer);
            case OpCode.WatchFrom:
                return TryWatchFrom(ref reader, ref writer);
            case OpCode.Ping or OpCode.CloseSession or OpCode.WhoAmI:
                return true;
            default:
                return false;
        }
    }

    private static bool TryMulti(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        while (MultiHeader.TryRead(ref reader, out var header))
        {
            header.Write(ref writer);
            if (header.IsLast)
                return true;
            if (header.Type == OpCode.Multi || !TryEcho(header.Type, ref reader, ref writer))
                return false;
        }

        return false;
    }

    private static bool TryOnce(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!OnceRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryReconfig(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!ReconfigRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryChildCounter(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!ChildCounterRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryWatchFrom(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!WatchFromRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCounterAdd(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CounterAddRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCreate(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CreateRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCreateRank(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CreateRankRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCreateTtl(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CreateRequest.TryReadTtl(ref reader, out var record))
            return false;
        record.WriteTtl(ref writer);
        return true;
    }

    private static bool TryPathAndNumber(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CheckVersionRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryDelete(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!DeleteRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TrySetData(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!SetDataRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TrySetAcl(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!SetAclRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryPathAndWatch(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!PathWatchRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryPath(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!PathRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryAuth(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!AuthRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TrySetWatches(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!SetWatchesRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryVector(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!PathVector.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }
}
