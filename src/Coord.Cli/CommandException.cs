namespace Coord.Cli;

/// <summary>A command cannot go on, for a reason that its user can do something about.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
