using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>A change as <see cref="ApplyResult"/> keeps it.</summary>
/// <param name="Type">What happened.</param>
/// <param name="PathOffset">Where its path begins in the paths kept there.</param>
/// <param name="PathLength">The path's length.</param>
/// <param name="Acl">
/// The ACL that decides who may be told, an array never written again; null where everybody may.
/// </param>
internal readonly record struct ChangeRecord(WatchEventType Type, int PathOffset, int PathLength, byte[]? Acl);
