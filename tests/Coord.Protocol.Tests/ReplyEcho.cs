namespace Coord.Protocol.Tests;

/// <summary>Reads the record of a reply or an event and writes it again.</summary>
internal static class ReplyEcho
{
    public static bool TryEcho(OpCode op, scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        switch (op)
        {
            case OpCode.Create:
                return TryCreate(ref reader, ref writer);
            case OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl:
                return TryCreate2(ref reader, ref writer);
            case OpCode.Exists or OpCode.SetData or OpCode.SetAcl or OpCode.RaiseChildCounter:
                return TryStat(ref reader, ref writer);
            case OpCode.CreateRank:
                return TryCreateRank(ref reader, ref writer);
            case OpCode.CounterAdd:
                return TryCounterAdd(ref reader, ref writer);
            case OpCode.GetData:
                return TryGetData(ref reader, ref writer);
            case OpCode.GetChildren or OpCode.GetEphemerals:
                return TryVector(ref reader, ref writer);
            case OpCode.GetChildren2:
                return TryVector(ref reader, ref writer) && TryStat(ref reader, ref writer);
            case OpCode.GetAcl:
                return TryAcl(ref reader, ref writer) && TryStat(ref reader, ref writer);
            case OpCode.Sync:
                return TryPath(ref reader, ref writer);
            case OpCode.Multi or OpCode.MultiRead:
                return TryMulti(ref reader, ref writer);
            case OpCode.GetAllChildrenNumber or OpCode.AddWatch or OpCode.Error:
                return TryNumber(ref reader, ref writer);
            case OpCode.WhoAmI:
                return TryIdentities(ref reader, ref writer);
            case OpCode.Notification:
                return TryEvent(ref reader, ref writer);
            case OpCode.Delete or OpCode.Check or OpCode.CheckAbsent or OpCode.CheckChildren or OpCode.Ping
                or OpCode.Auth or OpCode.CloseSession or OpCode.SetWatches or OpCode.SetWatches2
                or OpCode.RemoveWatches or OpCode.CheckWatches:
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

    private static bool TryCounterAdd(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CounterAddResponse.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCreate(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CreateResponse.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCreateRank(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!CreateRankResponse.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryCreate2(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!Create2Response.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryStat(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!Stat.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryGetData(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!GetDataResponse.TryRead(ref reader, out var record))
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

    private static bool TryPath(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!PathRequest.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }

    private static bool TryNumber(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!reader.TryReadInt32(out var number))
            return false;
        writer.WriteInt32(number);
        return true;
    }

    private static bool TryAcl(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!reader.TryReadVectorCount(out var count))
            return false;
        writer.WriteVectorCount(count);
        for (var i = 0; i < count; i++)
        {
            if (!Acl.TryRead(ref reader, out var acl))
                return false;
            acl.Write(ref writer);
        }

        return true;
    }

    // Scheme and user, as in an access control list but without the permissions.
    private static bool TryIdentities(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!reader.TryReadVectorCount(out var count))
            return false;
        writer.WriteVectorCount(count);
        for (var i = 0; i < count * 2; i++)
        {
            if (!reader.TryReadBuffer(out var text, out var isNull))
                return false;
            writer.WriteNullable(text, isNull);
        }

        return true;
    }

    private static bool TryEvent(scoped ref JuteReader reader, scoped ref JuteWriter writer)
    {
        if (!WatcherEvent.TryRead(ref reader, out var record))
            return false;
        record.Write(ref writer);
        return true;
    }
}
