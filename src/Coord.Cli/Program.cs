using System.CommandLine;
using Coord.Cli;
using Coord.Cli.Import;

// Ctrl+C is to end a command by its own words.
var timeToEnd = TimeSpan.FromSeconds(5);
var root = new RootCommand("Commands for a Coord cluster.") { ImportCommand.Build() };
var command = root.Parse(args);
var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = timeToEnd });
return command.Errors.Count > 0 ? ExitCodes.WrongUse : code;
