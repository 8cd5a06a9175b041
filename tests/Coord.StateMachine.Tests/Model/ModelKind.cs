using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>What a create makes, as the tables of zookeeper-protocol 2.2 and 2.4 say it.</summary>
internal sealed record ModelKind(bool IsEphemeral, bool IsSequential, bool IsContainer, long Ttl, bool HasStat)
{
    public static (ErrorCode Error, ModelKind? Kind) Of(ZnodeRequest.Create create, bool isMulti, bool refusesTtl)
    {
        bool isTtlFlag = create.Flags is 5 or 6;
        bool isTtlOperation = create.Kind == OpCode.CreateTtl;
        if (create.Flags is < 0 or > 6)
            return (ErrorCode.BadArguments, null);
        if (isTtlFlag && refusesTtl)
            return (ErrorCode.Unimplemented, null);
        if (isTtlFlag && !(isTtlOperation && create.Ttl is >= 1 and <= 0xFFFFFFFFFF))
            return (ErrorCode.BadArguments, null);
        if (isTtlOperation && !isTtlFlag && !isMulti)
            return (ErrorCode.BadArguments, null);

        bool isContainer = create.Kind == OpCode.CreateContainer || (isMulti && create.Flags == 4);
        bool isPlain = create.Kind == OpCode.Create || (isTtlOperation && !isTtlFlag);
        return (ErrorCode.Ok, new ModelKind(
            create.Flags is 1 or 3 && !isContainer, create.Flags is 2 or 3 or 6, isContainer,
            isTtlFlag ? create.Ttl : 0, HasStat: isContainer || !isPlain));
    }

    /// <summary>Whether such a create makes the whole multi malformed.</summary>
    public static bool IsForbiddenInMulti(ZnodeRequest.Create create) => create.Kind != OpCode.CreateTtl
        && (create.Acl == null || create.Flags is < 0 or > 4);
}
