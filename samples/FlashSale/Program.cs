using FlashSale;

var command = CommandLine.Build().Parse(args);
var code = await command.InvokeAsync();
return command.Errors.Count > 0 ? ExitCodes.WrongUse : code;
