using System.CommandLine;
using FlashSale;

// After Ctrl+C the cluster is still to be stopped.
var timeToCleanUp = TimeSpan.FromSeconds(30);
var command = CommandLine.Build().Parse(args);
var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = timeToCleanUp });
return command.Errors.Count > 0 ? ExitCodes.WrongUse : code;
