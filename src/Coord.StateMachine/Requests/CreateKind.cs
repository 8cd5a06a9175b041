using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>What kind of znode a create asks for, by opcode and flags (zookeeper-protocol 2.2 and 2.4).</summary>
internal readonly record struct CreateKind(ErrorCode Error, bool IsEphemeral, bool IsSequential, bool IsContainer)
{
    private const int ContainerFlag = 4;
    private const int TtlFlag = 5;
    private const int TtlSequentialFlag = 6;

    public static CreateKind Of(OpCode operation, int flags, bool isMulti)
    {
        if (flags is < 0 or > TtlSequentialFlag)
            return Refused(ErrorCode.BadArguments);
        // TTL znodes need the leader's sweep: until it exists they are answered as with extended types switched off.
        if (flags >= TtlFlag || (operation == OpCode.CreateTtl && !isMulti))
            return Refused(ErrorCode.Unimplemented);

        // Alone the opcode makes the container, in a multi the flag does too.
        bool isContainer = operation == OpCode.CreateContainer || (isMulti && flags == ContainerFlag);
        return new CreateKind(ErrorCode.Ok, (flags & 1) != 0, (flags & 2) != 0, isContainer);
    }

    /// <summary>Whether a multi may hold such a create at all; if not, the whole multi is malformed.</summary>
    public static bool IsAllowedInMulti(OpCode operation, int flags) => operation == OpCode.CreateTtl
        ? flags is >= 0 and <= TtlSequentialFlag
        : flags is >= 0 and <= ContainerFlag;

    private static CreateKind Refused(ErrorCode error) => new(error, false, false, false);
}
