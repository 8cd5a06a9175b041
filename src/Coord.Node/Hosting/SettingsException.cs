namespace Coord.Node.Hosting;

/// <summary>
/// A setting is wrong: the node does not start (exit code 2). The message is one line that names the source, the key,
/// the value and what would be right.
/// </summary>
internal sealed class SettingsException(string message) : Exception(message);
