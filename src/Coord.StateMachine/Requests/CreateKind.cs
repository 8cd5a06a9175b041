using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>What kind of znode a create asks for, by opcode and flags (zookeeper-protocol 2.2 and 2.4).</summary>
/// <param name="Error">Why there is no such kind; the rest is then of no use.</param>
/// <param name="ReplyType">Create or Create2: the latter answers with a Stat, and names the result in a multi.</param>
/// <param name="IsEphemeral">It ends with its session.</param>
/// <param name="IsSequential">Its name gets a counter.</param>
/// <param name="Owner">The marker of a container or of a time to live; otherwise 0.</param>
internal readonly record struct CreateKind(
    ErrorCode Error, OpCode ReplyType, bool IsEphemeral, bool IsSequential, long Owner)
{
    private const int ContainerFlag = (int)CreateMode.Container;

    /// <summary>The kind that a create outside of a multi asks for.</summary>
    public static CreateKind Alone(OpCode operation, in CreateRequest request, bool isTtlRefused)
    {
        int flags = request.Flags;
        if (!CreateFlags.IsKnown(flags))
            return Refused(ErrorCode.BadArguments);
        if (CreateFlags.HasTtl(flags))
            return WithTtl(operation, request, isTtlRefused);
        if (operation == OpCode.CreateTtl)
            return Refused(ErrorCode.BadArguments);
        return Of(operation, flags, isContainer: operation == OpCode.CreateContainer);
    }

    /// <summary>
    /// The kind in a multi, where the flag makes a container too, and a createTTL without such a flag is a plain
    /// create.
    /// </summary>
    public static CreateKind InMulti(OpCode operation, in CreateRequest request, bool isTtlRefused)
    {
        int flags = request.Flags;
        if (!CreateFlags.IsKnown(flags))
            return Refused(ErrorCode.BadArguments);
        if (CreateFlags.HasTtl(flags))
            return WithTtl(operation, request, isTtlRefused);
        bool isContainer = flags == ContainerFlag || operation == OpCode.CreateContainer;
        return Of(
            operation == OpCode.CreateTtl && !isContainer ? OpCode.Create : isContainer ? OpCode.Create2 : operation,
            flags, isContainer);
    }

    /// <summary>
    /// Whether a multi may hold a create, create2 or createContainer with such flags; if not, all of it is malformed.
    /// </summary>
    public static bool IsAllowedInMulti(int flags) => CreateFlags.IsKnown(flags) && !CreateFlags.HasTtl(flags);

    private static CreateKind WithTtl(OpCode operation, in CreateRequest request, bool isTtlRefused)
    {
        if (isTtlRefused)
            return Refused(ErrorCode.Unimplemented);
        if (operation != OpCode.CreateTtl || request.Ttl is <= 0 or > Znode.TtlMax)
            return Refused(ErrorCode.BadArguments);
        return new CreateKind(
            ErrorCode.Ok, OpCode.Create2, IsEphemeral: false, CreateFlags.IsSequential(request.Flags),
            Znode.TtlOwner(request.Ttl));
    }

    private static CreateKind Of(OpCode operation, int flags, bool isContainer) => new(
        ErrorCode.Ok, operation == OpCode.Create ? OpCode.Create : OpCode.Create2,
        !isContainer && CreateFlags.IsEphemeral(flags), CreateFlags.IsSequential(flags),
        isContainer ? Znode.ContainerOwner : 0);

    private static CreateKind Refused(ErrorCode error) => new(error, default, false, false, 0);
}
