using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// How a request ended and what it brought. Expected errors are values here; the public edge makes exceptions of them.
/// </summary>
internal readonly record struct Reply<T>(RequestEnd End, ErrorCode Error, long Zxid, T? Value)
{
    internal bool IsOk => End == RequestEnd.Answered && Error == ErrorCode.Ok;

    internal bool Is(ErrorCode error) => End == RequestEnd.Answered && Error == error;

    /// <summary>Whether the server may have carried the request out without our knowing.</summary>
    internal bool IsUnknown => End is RequestEnd.ConnectionLost or RequestEnd.SessionLost or RequestEnd.TimedOut
        or RequestEnd.Cancelled or RequestEnd.Closed or RequestEnd.ReplyTooLarge or RequestEnd.Malformed;
}
