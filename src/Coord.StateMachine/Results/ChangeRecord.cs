using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>A change as <see cref="ApplyResult"/> keeps it: the path is a part of the paths kept there.</summary>
internal readonly record struct ChangeRecord(WatchEventType Type, int PathOffset, int PathLength);
