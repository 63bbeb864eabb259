import { carryOut } from '../../src/resources/carry-out.ts';
import { EmbeddedDocument } from '../../src/resources/embedded-document.ts';
const [text, ops] = JSON.parse(process.argv[2]!);
const d = new EmbeddedDocument('x.yaml', text);
console.log(JSON.stringify(d.json), d.problem);
const orig = d.parse; 
try { const r = carryOut(d.parsed, ops, 'yaml', (t)=>{console.log('---\n'+t+'\n---');return orig(t)}); console.log(JSON.stringify(r.parsed.json)); } catch (e) { console.log(e) }
